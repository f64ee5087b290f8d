using System.Text;
using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Tokenizers of every kind: ids with and without specials, offsets in code points, decoded texts, pairs, streams, single parts.</summary>
public class LanguageTokenizersGoldens
{
    const string Group = "language/tokenizers";

    static readonly string folder = Path.Combine(GoldenFolder.Root, Group);

    public static IEnumerable<TheoryDataRow<string>> Cases =>
        GoldenFolder.Groups.Contains(Group) ? All().Select(golden => new TheoryDataRow<string>(Text(golden, "name"))) : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Tokenizer(string name) => Golden.Run(Group, name, () =>
    {
        var golden = All().First(golden => Text(golden, "name") == name);
        var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, Text(golden, "expected")))).RootElement;
        if (expected.TryGetProperty("normalizers", out _)) TokenizerPartChecks.Check(expected);
        else if (golden.TryGetProperty("pattern", out _)) Ranks(golden, expected);
        else if (expected.GetProperty(CasesOf(expected)).EnumerateArray().First().TryGetProperty("pieces", out _)) Streams(expected);
        else Whole(golden, expected);
    });

    static JsonElement.ArrayEnumerator All() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "cases.json"))).RootElement.EnumerateArray();

    static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    static string CasesOf(JsonElement expected) => expected.TryGetProperty("tokenizer_json", out _) ? "tokenizer_json" : "cases";

    static void Whole(JsonElement golden, JsonElement expected)
    {
        var loaded = TokenizerSources.Of(folder, golden);
        Assert.Equal(golden.GetProperty("vocab_size").GetInt32(), loaded.Tokenizer.Size);
        foreach (var text in expected.GetProperty(CasesOf(expected)).EnumerateArray()) TokenizerTextChecks.Check(loaded.Tokenizer, text);
        if (expected.TryGetProperty("pairs", out var pairs))
            foreach (var pair in pairs.EnumerateArray()) TokenizerTextChecks.CheckPair(loaded.Tokenizer, pair);
        if (expected.TryGetProperty("lone_surrogate", out _)) Assert.Throws<LowrankException>(() => loaded.Tokenizer.Encode("a\uD800b"));
        Fixed(loaded.Tokenizer, expected);
        if (expected.TryGetProperty("padded_77", out var padded)) Padded(loaded, padded);
        if (expected.TryGetProperty("sentencepiece", out var pieces)) Pieces(golden, pieces);
        PlainFiles(golden, expected);
    }

    static void Fixed(TextTokenizer tokenizer, JsonElement expected)
    {
        var (truncation, padding) = (new Truncation(8), new Padding(tokenizer.Id("[PAD]") ?? 0) { Length = 8 });
        if (expected.TryGetProperty("fixed_8", out var rows))
            foreach (var row in rows.EnumerateArray())
            {
                var encoded = tokenizer.EncodeBatch([(Text(row, "text"), null)], truncation, padding)[0];
                Assert.Equal(Numbers(row, "ids"), encoded.Ids);
                Assert.Equal(Numbers(row, "attention_mask"), encoded.Mask);
            }
        if (!expected.TryGetProperty("fixed_8_pair_longest_first", out var pair)) return;
        var both = tokenizer.EncodeBatch([(Text(pair, "a"), Text(pair, "b"))], truncation, padding)[0];
        Assert.Equal(Numbers(pair, "ids"), both.Ids);
        Assert.Equal(Numbers(pair, "type_ids"), both.TypeIds);
    }

    static void Padded(LoadedTokenizer loaded, JsonElement rows)
    {
        var (truncation, padding) = (new Truncation(77), new Padding(loaded.Tokenizer.Specials.Pad!.Value) { Length = 77 });
        foreach (var row in rows.EnumerateArray())
            Assert.Equal(Numbers(row, "ids"), loaded.Tokenizer.EncodeBatch([(Text(row, "text"), null)], truncation, padding)[0].Ids);
    }

    // The SentencePiece file by itself: no text becomes a control token.
    static void Pieces(JsonElement golden, JsonElement texts)
    {
        string path = Directory.EnumerateFiles(Path.Combine(folder, Text(golden, "folder")), "*.model").Single();
        var tokenizer = Tokenizers.Load(path).Tokenizer;
        foreach (var text in texts.EnumerateArray())
        {
            string words = Text(text, "text");
            var ids = tokenizer.Encode(words, addSpecials: false, parseSpecials: false).Ids;
            bool hasPlain = text.TryGetProperty("ids_plain", out _);
            Assert.Equal(Numbers(text, hasPlain ? "ids_plain" : "ids"), ids);
            if (hasPlain) Assert.Equal(Numbers(text, "ids"), tokenizer.Encode(words, parseSpecials: false).Ids);
            Assert.Equal(Text(text, "decoded"), tokenizer.Decode(ids, skipSpecials: false));
        }
    }

    // The older files beside tokenizer.json say the same ids.
    static void PlainFiles(JsonElement golden, JsonElement expected)
    {
        string own = Path.Combine(folder, Text(golden, "folder"));
        string words = Path.Combine(own, "vocab.txt"), settings = Path.Combine(own, "tokenizer_config.json");
        if (!File.Exists(words)) return;
        using var alone = new TemporaryFolder();
        File.Copy(words, Path.Combine(alone.Path, "vocab.txt"));
        File.Copy(settings, Path.Combine(alone.Path, "tokenizer_config.json"));
        var loaded = Tokenizers.Load(alone.Path);
        foreach (var text in expected.GetProperty("cases").EnumerateArray()) TokenizerTextChecks.Check(loaded.Tokenizer, text);
    }

    static void Ranks(JsonElement golden, JsonElement expected)
    {
        var specials = golden.GetProperty("special_tokens").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32());
        string path = Directory.EnumerateFiles(Path.Combine(folder, Text(golden, "folder")), "*.tiktoken").Single();
        var tokenizer = Tokenizers.LoadTiktoken(path, Text(golden, "pattern"), specials).Tokenizer;
        Assert.Equal(golden.GetProperty("vocab_size").GetInt32(), tokenizer.Size);
        foreach (var text in expected.GetProperty("cases").EnumerateArray())
        {
            string words = Text(text, "text");
            var ids = tokenizer.Encode(words).Ids;
            Assert.Equal(Numbers(text, "ids"), ids);
            Assert.Equal(Numbers(text, "ids_plain"), tokenizer.Encode(words, parseSpecials: false).Ids);
            Assert.Equal(Text(text, "bytes"), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(tokenizer.Decode(ids, skipSpecials: false))));
        }
    }

    static void Streams(JsonElement expected)
    {
        foreach (var golden in expected.GetProperty("cases").EnumerateArray())
        {
            var tokenizer = Tokenizers.Load(Path.Combine(folder, Text(golden, "tokenizer"))).Tokenizer;
            Assert.Equal(Numbers(golden, "ids"), tokenizer.Encode(Text(golden, "text")).Ids);
            var stream = tokenizer.Stream();
            var pieces = Numbers(golden, "ids").Select(stream.Add).ToList();
            Assert.Equal(golden.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()), pieces);
            Assert.Equal("", stream.Flush());
        }
    }

    static int[] Numbers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
