// Asks for the balance, pays out of it, and prints both answers. JDK 17 or later, no libraries:
//
//   java CreatePayout.java
//
//   KAUNTER_URL       where the gateway is, by default http://127.0.0.1:8080
//   KAUNTER_ACCOUNT   the account's uuid
//   KAUNTER_KEY       the folder of the payout certificate: password.txt, private.pem, public.pem
//   ORDER_ID          optional: your own number of the payout, never used twice
//   NOTIFICATION_URL  optional: where the outcome is to be sent
//   AMOUNT            optional: what is paid out, by default 40.00
//
// Exit status: 0 if the payout was accepted, 1 if it was refused or no answer came.

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

public class CreatePayout {
    public static void main(String[] arguments) {
        try {
            System.exit(run() ? 0 : 1);
        } catch (Exception error) {
            System.err.println(error);
            System.exit(1);
        }
    }

    private static boolean run() throws Exception {
        // Nothing is asked: the body is `[]`, and that is what is signed.
        if (!call("/v1/account/balance", "[]")) {
            return false;
        }
        // In the order of the document. The number is a text: it may begin with zeros.
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("amount", setting("AMOUNT", "40.00"));
        fields.put("order_id", setting("ORDER_ID", "payout-" + UUID.randomUUID()));
        fields.put("service", "payment_card_myr");
        fields.put("number", "12345678901234");
        fields.put("customer_code", "BIMB");
        fields.put("customer_first_name", "Ren\u00e9");
        fields.put("customer_last_name", "a/l Raju");
        fields.put("notification_endpoint_url", System.getenv("NOTIFICATION_URL"));
        fields.values().removeIf(value -> value == null);
        // If no answer comes, send the same body again, never a new order_id: that would be a
        // second payout. Then keep `id`, and wait for the notification.
        return call("/v1/payout", json(fields));
    }

    /** Signs and sends a body, and prints the answer; false if it is a refusal. */
    private static boolean call(String path, String json) throws Exception {
        // Encode once: what is signed and what is sent must be the same bytes.
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest
            .newBuilder(URI.create(setting("KAUNTER_URL", "http://127.0.0.1:8080") + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("Account", setting("KAUNTER_ACCOUNT", null))
            .header("Sign", signature(body, Path.of(setting("KAUNTER_KEY", null))))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();

        HttpResponse<String> answer = HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() == 200) {
            System.out.println(answer.body());
            return true;
        }
        // {"message": "…", "errors": {"field": ["…"]}}, to be read with your JSON library.
        System.err.println(answer.body());
        return false;
    }

    /** The base64 signature of exactly these bytes, for the header `Sign`. */
    private static String signature(byte[] body, Path keyFolder)
            throws IOException, GeneralSecurityException {
        // The gateway accepts SHA-256 and, as the older samples in PHP use it, "SHA1withRSA".
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(privateKey(keyFolder));
        signature.update(body);
        return Base64.getEncoder().encodeToString(signature.sign());
    }

    private static PrivateKey privateKey(Path keyFolder)
            throws IOException, GeneralSecurityException {
        String pem = Files.readString(keyFolder.resolve("private.pem"));
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        // The password is the file's bytes as they are: trimming them would change it.
        char[] password = Files.readString(keyFolder.resolve("password.txt")).toCharArray();

        EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
        // The parameters name the scheme, PBEWithHmacSHA256AndAES_256; getAlgName says only PBES2.
        String scheme = encrypted.getAlgParameters().toString();
        Cipher cipher = Cipher.getInstance(scheme);
        cipher.init(
            Cipher.DECRYPT_MODE,
            SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(password)),
            encrypted.getAlgParameters());
        return KeyFactory.getInstance("RSA").generatePrivate(encrypted.getKeySpec(cipher));
    }

    private static String setting(String name, String standard) {
        String value = System.getenv(name);
        if (value != null && !value.isEmpty()) {
            return value;
        }
        if (standard == null) {
            throw new IllegalArgumentException("Please set " + name + ".");
        }
        return standard;
    }

    /** A JSON object of texts, in the map's order. Your JSON library does as well. */
    private static String json(Map<String, String> fields) {
        return fields.entrySet().stream()
            .map(field -> quoted(field.getKey()) + ":" + quoted(field.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char unit : text.toCharArray()) {
            if (unit == '"' || unit == '\\') {
                quoted.append('\\').append(unit);
            } else if (unit < 0x20) {
                quoted.append(String.format("\\u%04x", (int) unit));
            } else {
                quoted.append(unit);
            }
        }
        return quoted.append('"').toString();
    }
}
