// Waits for one notification, verifies it and prints what it says. JDK 17 or later, no libraries:
//
//   java ReceiveNotification.java [port]   or the port in PORT; 0 lets the system choose one
//   KAUNTER_NOTIFICATION_KEY               the PEM file of the account's notification key (public)
//
// Exit status: 0 if the notification is genuine, 1 if not.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

public class ReceiveNotification {
    /** The fields that are signed, in the order in which they are signed. */
    private static final List<String> SIGNED_FIELDS = List.of(
        "type", "id", "order_id", "payment_status", "amount", "payment_amount",
        "commission_amount", "is_partial_payment", "account", "service", "desc");

    public static void main(String[] arguments) throws Exception {
        PublicKey publicKey = publicKey(Path.of(System.getenv("KAUNTER_NOTIFICATION_KEY")));
        String port = arguments.length > 0
            ? arguments[0] : System.getenv().getOrDefault("PORT", "0");

        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        HttpServer server = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)), 0);
        server.createContext("/", exchange -> receive(exchange, publicKey, outcome));
        server.start();
        System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort() + "/");

        boolean genuine = outcome.get();
        server.stop(0);
        System.exit(genuine ? 0 : 1);
    }

    private static void receive(
            HttpExchange exchange, PublicKey publicKey, CompletableFuture<Boolean> outcome)
            throws IOException {
        if (!exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 405, "GET only");
            return;
        }
        Map<String, String> fields = fields(exchange.getRequestURI().getRawQuery());
        boolean genuine = isGenuine(fields, publicKey);

        // Here a shop compares `amount` with the order, marks the order as paid if it is not yet
        // (the same notification may come twice), and answers only after that is stored: without
        // a 2xx answer the gateway sends the notification again later.
        answer(exchange, genuine ? 200 : 400, genuine ? "OK" : "Bad sign");

        System.out.println("{\"order_id\":" + phpJSON(fields.get("order_id"))
            + ",\"payment_status\":" + phpJSON(fields.get("payment_status"))
            + ",\"verified\":" + genuine + "}");
        outcome.complete(genuine);
    }

    /** True if the gateway signed exactly these fields. Trust nothing in them before. */
    private static boolean isGenuine(Map<String, String> fields, PublicKey publicKey) {
        try {
            // All values are texts as they came, but `id` is an integer and an absent `desc` null.
            long id = Long.parseLong(fields.get("id"));
            String text = SIGNED_FIELDS.stream()
                .map(name -> phpJSON(name) + ":"
                    + (name.equals("id") ? Long.toString(id) : phpJSON(fields.get(name))))
                .collect(Collectors.joining(",", "{", "}"));
            byte[] sign = Base64.getDecoder().decode(fields.getOrDefault("sign", ""));

            // SHA-1, unless the account or the endpoint asks for SHA-256: then "SHA256withRSA".
            Signature signature = Signature.getInstance("SHA1withRSA");
            signature.initVerify(publicKey);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.verify(sign);
        } catch (IllegalArgumentException | GeneralSecurityException error) {
            return false;
        }
    }

    /** JSON as PHP's json_encode writes it: `/` becomes `\/`, and `é` its code in hexadecimal. */
    private static String phpJSON(String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder json = new StringBuilder("\"");
        for (char unit : text.toCharArray()) {
            switch (unit) {
                case '"', '\\', '/' -> json.append('\\').append(unit);
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    boolean plain = unit >= 0x20 && unit < 0x80;
                    json.append(plain ? Character.toString(unit)
                        : String.format("\\u%04x", (int) unit));
                }
            }
        }
        return json.append('"').toString();
    }

    private static Map<String, String> fields(String query) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            fields.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
        }
        return fields;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static PublicKey publicKey(Path path) throws IOException, GeneralSecurityException {
        String pem = Files.readString(path).replaceAll("-----[A-Z ]+-----", "");
        byte[] der = Base64.getMimeDecoder().decode(pem);
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    }
}
