using System.Text.Json;
using Lowrank.Language;

namespace Goldens;

/// <summary>Single normalizers, pre-tokenizers and decoders, each in a tokenizer of nothing else.</summary>
static class TokenizerPartChecks
{
    /// <summary>Compares every part with what is told of it.</summary>
    public static void Check(JsonElement expected)
    {
        string[] samples = Strings(expected.GetProperty("samples"));
        foreach (var part in expected.GetProperty("normalizers").EnumerateObject())
        {
            var tokenizer = With("normalizer", part.Value.GetProperty("spec"));
            string[] want = Strings(part.Value.GetProperty("out"));
            for (int i = 0; i < samples.Length; i++) Equal(part.Name, want[i], tokenizer.Normalize(samples[i]));
        }
        foreach (var part in expected.GetProperty("pre_tokenizers").EnumerateObject())
        {
            var tokenizer = With("pre_tokenizer", part.Value.GetProperty("spec"));
            foreach (var (sample, want) in samples.Zip(part.Value.GetProperty("out").EnumerateArray()))
                Equal(part.Name, Shown(want.EnumerateArray().Select(Piece)), Shown(tokenizer.Split(sample)));
        }
        string[][] tokens = [.. expected.GetProperty("decoder_tokens").EnumerateArray().Select(Strings)];
        foreach (var part in expected.GetProperty("decoders").EnumerateObject())
        {
            var tokenizer = With("decoder", part.Value.GetProperty("spec"));
            string[] want = Strings(part.Value.GetProperty("out"));
            for (int i = 0; i < tokens.Length; i++) Equal(part.Name, want[i], tokenizer.DecodeTokens(tokens[i]));
        }
    }

    static TextTokenizer With(string name, JsonElement spec) => Tokenizers.FromJson(
        $$"""{"version": "1.0", "{{name}}": {{spec.GetRawText()}}, "model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"} }""");

    static void Equal(string part, string want, string got) => Assert.True(want == got, $"{part}: expected \"{want}\", got \"{got}\"");

    static (string, int, int) Piece(JsonElement piece) => (piece[0].GetString()!, piece[1].GetInt32(), piece[2].GetInt32());

    static string Shown(IEnumerable<(string, int, int)> pieces) => string.Join(" ", pieces);

    static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}
