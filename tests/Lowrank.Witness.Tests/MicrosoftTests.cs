using System.Text.RegularExpressions;
using CsCheck;
using Lowrank.Testing;
using Microsoft.ML.Tokenizers;

namespace Lowrank.Witness.Tests;

/// <summary>The engines of Microsoft.ML.Tokenizers say the same ids where they read the same files: SentencePiece's byte pairs, tiktoken's ranks.</summary>
public class MicrosoftTests
{
    static readonly string folder = Path.Combine(GoldenFolder.Root, "language");

    // Theirs drops the space in front of such texts, or does not take user's pieces whole.
    static bool IsPlain(string text) => text.Length > 0 && !text.Contains('<') && !text.Contains('\u2581');

    [Theory]
    [InlineData("tokenizers/sp-bpe"), InlineData("gguf2/hf/llama-spm"), InlineData("gguf2/hf/mistral")]
    public void BytePairsOfASentencePieceFileAreTheSame(string name)
    {
        string path = Path.Combine(folder, name, "tokenizer.model");
        Assert.SkipUnless(File.Exists(path), $"{path} is missing");
        var ours = Language.Tokenizers.Load(path).Tokenizer;
        using var stream = File.OpenRead(path);
        var theirs = LlamaTokenizer.Create(stream, addBeginOfSentence: false);
        WitnessTexts.All.Where(IsPlain).Sample(text => Assert.Equal(theirs.EncodeToIds(text), ours.Encode(text, addSpecials: false, parseSpecials: false).Ids),
            iter: 1000, threads: 1);
    }

    [Fact]
    public void RanksGiveTheSameIds()
    {
        const string pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
        string path = Path.Combine(folder, "tokenizers", "tiktoken", "tokenizer.tiktoken");
        Assert.SkipUnless(File.Exists(path), $"{path} is missing");
        var ours = Language.Tokenizers.LoadTiktoken(path, pattern, []).Tokenizer;
        var theirs = TiktokenTokenizer.Create(path, new RegexPreTokenizer(new Regex(pattern), null), null);
        WitnessTexts.Basic.Sample(text => Assert.Equal(theirs.EncodeToIds(text), ours.Encode(text).Ids), iter: 1000, threads: 1);
    }
}
