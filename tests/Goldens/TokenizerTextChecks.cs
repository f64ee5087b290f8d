using System.Text.Json;
using Lowrank.Language;

namespace Goldens;

/// <summary>What a tokenizer makes of one text, compared.</summary>
static class TokenizerTextChecks
{
    /// <summary>Compares everything that a case tells of its text.</summary>
    public static void Check(TextTokenizer tokenizer, JsonElement golden)
    {
        string text = golden.GetProperty("text").GetString()!;
        var encoded = tokenizer.Encode(text);
        int[] ids = Numbers(golden, "ids");
        Assert.True(ids.AsSpan().SequenceEqual([.. encoded.Ids]), $"\"{text}\" became {Shown(encoded.Ids)}, expected {Shown(ids)}");
        int[] plain = golden.TryGetProperty("ids_plain", out _) ? Numbers(golden, "ids_plain") : ids;
        Assert.Equal(plain, tokenizer.Encode(text, addSpecials: false).Ids);
        if (golden.TryGetProperty("tokens", out var tokens)) CheckTokens(tokenizer, encoded, text, tokens);
        if (golden.TryGetProperty("offsets", out _)) CheckOffsets(encoded, Numbers(golden, "offsets"), text);
        if (golden.TryGetProperty("decoded", out var decoded)) Assert.Equal(decoded.GetString(), tokenizer.Decode(ids, skipSpecials: false));
        if (golden.TryGetProperty("decoded_skip_special", out var skipped)) Assert.Equal(skipped.GetString(), tokenizer.Decode(ids));
        if (golden.TryGetProperty("decoded_clip", out var words)) Assert.Equal(words.GetString(), tokenizer.DecodeWords(ids));
    }

    // Unigram tells the text of an unknown token where the others tell its name; a text for a text is the text's own.
    static void CheckTokens(TextTokenizer tokenizer, TokenizedText encoded, string text, JsonElement tokens)
    {
        string[] want = [.. tokens.EnumerateArray().Select(token => token.GetString()!)];
        Assert.Equal(want.Length, encoded.Ids.Count);
        for (int i = 0; i < want.Length; i++)
            if (encoded.Ids[i] != tokenizer.Specials.Unknown) Assert.True(want[i] == tokenizer.Token(encoded.Ids[i]), $"token {i} of \"{text}\"");
    }

    static void CheckOffsets(TokenizedText encoded, int[] want, string text)
    {
        int[] got = [.. encoded.Offsets.SelectMany(offset => new[] { offset.Start, offset.End })];
        Assert.True(want.AsSpan().SequenceEqual(got), $"offsets of \"{text}\" are {Shown(got)}, expected {Shown(want)}");
    }

    /// <summary>Compares what a case tells of a pair.</summary>
    public static void CheckPair(TextTokenizer tokenizer, JsonElement golden)
    {
        var encoded = tokenizer.EncodePair(golden.GetProperty("a").GetString()!, golden.GetProperty("b").GetString()!);
        Assert.Equal(Numbers(golden, "ids"), encoded.Ids);
        Assert.Equal(Numbers(golden, "type_ids"), encoded.TypeIds);
        Assert.Equal(Numbers(golden, "special_tokens_mask"), encoded.Added);
        CheckOffsets(encoded, Numbers(golden, "offsets"), golden.GetProperty("a").GetString()!);
    }

    static string Shown(IEnumerable<int> ids) => $"[{string.Join(" ", ids)}]";

    static int[] Numbers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
