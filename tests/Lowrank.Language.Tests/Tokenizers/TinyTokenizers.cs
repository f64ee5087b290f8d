using System.Text;
using System.Text.Json;
using CsCheck;

namespace Lowrank.Language.Tests;

/// <summary>Small tokenizers, and texts to try them on.</summary>
static class TinyTokenizers
{
    static readonly string[] words = ["the", " the", "caf\u00e9", "\u65e5\u672c", "\U0001F600", "\U00020000", "<end>", "<user>", "'s", "12\u00bd", "\n\n", "  ", "\r\n ", "'S", "'\u017f", "'lL", "!?", "123", "\U0001D7D8", "\u0130",
        "e\u0301", "\ufffd", "\u2581", "\0"];

    /// <summary>Texts of words, characters and control tokens, without lone surrogates.</summary>
    public static Gen<string> Texts { get; } = Gen.OneOf(Gen.Int[0, words.Length - 1].Select(i => words[i]),
        Gen.Int[0, 0x2FFF].Where(value => value is < 0xD800 or > 0xDFFF).Select(value => new Rune(value).ToString()),
        Gen.Char['a', 'e'].Select(letter => letter.ToString())).Array[0, 40].Select(string.Concat);

    /// <summary>A byte-level tokenizer of all bytes and some merges, with a control token and one of the user.</summary>
    public static TextTokenizer ByteLevel { get; } = Tokenizers.FromJson(ByteLevelJson());

    /// <summary>Its file, with a further field at the top and another post-processor where they are given.</summary>
    public static string ByteLevelJson(string further = "", string postProcessor = "null")
    {
        var vocabulary = new Dictionary<string, int>();
        for (int value = 0; value < 256; value++) vocabulary[ByteAlphabet.LetterOf((byte)value).ToString()] = value;
        string[][] merges = [["t", "h"], ["th", "e"], ["\u0120", "the"], ["a", "b"], ["ab", "c"], ["a", "a"], ["c", "d"], ["b", "c"]];
        foreach (var merge in merges) vocabulary[string.Concat(merge)] = vocabulary.Count;
        return $$"""
            {"version": "1.0", {{further}} "added_tokens": [
                {"id": 300, "content": "<end>", "special": true, "normalized": false},
                {"id": 301, "content": "<user>", "special": false, "normalized": false},
                {"id": 302, "content": "<begin>", "special": true, "normalized": false}],
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
             "post_processor": {{postProcessor}},
             "decoder": {"type": "ByteLevel"},
             "model": {"type": "BPE", "vocab": {{JsonSerializer.Serialize(vocabulary)}}, "merges": {{JsonSerializer.Serialize(merges)}} } }
            """;
    }
}
