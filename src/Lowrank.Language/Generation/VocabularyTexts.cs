using System.Text;

namespace Lowrank.Language;

/// <summary>The bytes of a tokenizer's tokens, as grammars and llama.cpp's samplers ask for them.</summary>
static class VocabularyTexts
{
    // What a token is decoded behind, so that the space that it begins with is not taken for the text's first.
    const string Before = "a";

    /// <summary>The texts of all tokens; control tokens write nothing.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="count">Logits of the model: tokens beyond the tokenizer's write nothing.</param>
    /// <param name="ends">Ids of the end tokens.</param>
    public static TokenTexts Of(TextTokenizer tokenizer, int count, IReadOnlyCollection<int> ends)
    {
        bool isByteLevel = tokenizer.DecodeTokens([ByteAlphabet.LetterOf((byte)' ').ToString()]) == " ";
        var added = tokenizer.Added.Select(token => token.Id).ToHashSet();
        var texts = new byte[count][];
        for (int id = 0; id < count; id++)
        {
            string? token = tokenizer.IsControl(id) ? null : tokenizer.Token(id);
            if (token is null) texts[id] = [];
            else if (added.Contains(id)) texts[id] = Encoding.UTF8.GetBytes(token);
            else texts[id] = isByteLevel ? OfLetters(token) : OfPiece(tokenizer, token);
        }
        return new(texts, ends);
    }

    static byte[] OfLetters(string token)
    {
        bool isWhole = token.All(letter => ByteAlphabet.ByteOf(letter) >= 0);
        return isWhole ? [.. token.Select(letter => (byte)ByteAlphabet.ByteOf(letter))] : Encoding.UTF8.GetBytes(token);
    }

    static byte[] OfPiece(TextTokenizer tokenizer, string token) => ByteFallbackDecoder.ByteOf(token) is { } value
        ? [value]
        : Encoding.UTF8.GetBytes(tokenizer.DecodeTokens([Before, token])[Before.Length..]);
}
