using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Tokenizers of folders and of the GGUF files that llama.cpp made of them.</summary>
public class GgufTokensGoldens
{
    const string Group = "language/gguf2", File = "tokens.json";

    static readonly string folder = Path.Combine(GoldenFolder.Root, Group);

    static bool IsAsked => System.IO.File.Exists(Path.Combine(folder, File));

    public static IEnumerable<TheoryDataRow<string>> Cases =>
        IsAsked ? All().Select(golden => new TheoryDataRow<string>(golden.GetProperty("model").GetString()!)) : [];

    // llama.cpp's own ids, from the file's metadata.
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void FromMetadata(string model) => Golden.Run($"{Group}/tokens", $"{model} from metadata", () =>
    {
        var golden = Of(model);
        string path = Path.Combine(folder, golden.GetProperty("file").GetString()!);
        if (!System.IO.File.Exists(path)) throw Golden.NotCovered($"{path} is missing");
        var tokenizer = Tokenizers.Load(path).Tokenizer;
        foreach (var text in golden.GetProperty("cases").EnumerateArray())
        {
            string words = text.GetProperty("text").GetString()!;
            Assert.Equal(Numbers(text, "ids"), tokenizer.Encode(words).Ids);
            Assert.Equal(Numbers(text, "ids_plain"), tokenizer.Encode(words, addSpecials: false, parseSpecials: false).Ids);
            string parsed = text.TryGetProperty("ids_plain_parsed", out _) ? "ids_plain_parsed" : "ids_plain";
            Assert.Equal(Numbers(text, parsed), tokenizer.Encode(words, addSpecials: false).Ids);
            Assert.Equal(text.GetProperty("text_back").GetString(), tokenizer.Decode(Numbers(text, "ids"), skipSpecials: false));
        }
    });

    // Where transformers differs from llama.cpp, the folder's ids are transformers'.
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void FromFolder(string model) => Golden.Run($"{Group}/tokens", $"{model} from its folder", () =>
    {
        string path = Path.Combine(folder, "hf", model);
        if (!Directory.Exists(path)) throw Golden.NotCovered($"{path} is missing");
        var tokenizer = Tokenizers.Load(path).Tokenizer;
        foreach (var text in Of(model).GetProperty("cases").EnumerateArray())
        {
            string words = text.GetProperty("text").GetString()!;
            string ids = text.TryGetProperty("transformers_ids", out _) ? "transformers_ids" : "ids";
            Assert.Equal(Numbers(text, ids), tokenizer.Encode(words).Ids);
        }
    });

    static JsonElement.ArrayEnumerator All() =>
        JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(folder, File))).RootElement.GetProperty("models").EnumerateArray();

    static JsonElement Of(string model) => All().First(golden => golden.GetProperty("model").GetString() == model);

    static int[] Numbers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
