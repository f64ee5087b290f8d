namespace Lowrank.Models.Tests;

public class ClipTokenizerTests
{
    static readonly ClipTokenizer tokenizer = ClipTokenizer.Load(Path.Combine(Folders.Tiny("sd1"), "tokenizer"));

    [Fact]
    public void ALongTextIsCutAndStillEndsWithTheEndToken()
    {
        var ids = tokenizer.Encode(string.Join(' ', Enumerable.Repeat("a photo of a fox", 40)));
        Assert.Equal(tokenizer.Length, ids.Length);
        Assert.Equal(tokenizer.BeginId, ids[0]);
        Assert.Equal(tokenizer.EndId, ids[^1]);
        Assert.DoesNotContain(tokenizer.EndId, ids[..^1]);
    }

    [Fact]
    public void AnExclamationMarkIsThePaddingOnlyWhereThePaddingIsThat()
    {
        var second = ClipTokenizer.Load(Path.Combine(Folders.Tiny("sdxl"), "tokenizer_2"));
        Assert.Equal(0, second.PadId);
        Assert.Equal([second.BeginId, 0, 0, second.EndId], second.EncodeUnpadded("!!"));
        Assert.NotEqual([0, 0], second.EncodeWords("!!"));
        Assert.Equal(tokenizer.EncodeWords("!!"), second.EncodeWords("!!"));
        Assert.Equal(tokenizer.EncodeWords("!!"), tokenizer.EncodeUnpadded("!!")[1..^1]);
    }

    [Theory]
    [InlineData("don't", new[] { "don", "'t" })]
    [InlineData("2024x", new[] { "2", "0", "2", "4", "x" })]
    [InlineData("what?! ...", new[] { "what", "?!", "..." })]
    [InlineData("\U00020000a \U0001F98A!", new[] { "\U00020000a", "\U0001F98A!" })]   // letters outside the basic plane are letters
    [InlineData("a'sb 'x", new[] { "a", "'s", "b", "'", "x" })]
    [InlineData("  ", new string[0])]
    public void TextIsSplitAsCLIPSplitsIt(string text, string[] pieces) =>
        Assert.Equal(pieces, new ClipPreTokenizer().PreTokenize(text).Select(piece => text.Substring(piece.Offset, piece.Length)));

    [Fact]
    public void AMissingOrForeignFileIsNamed()
    {
        string folder = Folders.Copy(Path.Combine(Folders.Tiny("sd1"), "tokenizer"));
        Folders.Edit(folder, "special_tokens_map.json", "<|startoftext|>", "<|begin|>");
        Assert.Contains("<|begin|>", Assert.Throws<LowrankException>(() => ClipTokenizer.Load(folder)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "merges.txt"));
        Assert.Contains("merges.txt is missing", Assert.Throws<LowrankException>(() => ClipTokenizer.Load(folder)).Message, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void ThePublishedVocabularyGivesThePublishedIds()
    {
        var tokenizer = ClipTokenizer.Published();
        Assert.Equal(49408, tokenizer.VocabularySize);
        Assert.Equal([49406, 320, 1125, 539, 320, 2368, 49407], tokenizer.EncodeUnpadded("a photo of a cat"));
        Assert.Equal([49406, 49407, 49407], tokenizer.Encode("").Take(3));
        Assert.Equal([49406, 49407, 0], ClipTokenizer.Published("!").Encode("").Take(3));
        Assert.Equal([49406, 256, 49407], tokenizer.EncodeUnpadded("!"));
    }

    [Fact]
    public void ThePublishedTokenizerIsTheSameFromItsFiles()
    {
        string folder = Directory.CreateTempSubdirectory("lowrank-tokenizer-").FullName;
        foreach (var (name, text) in ConfigFiles.Tokenizer("!")) File.WriteAllText(Path.Combine(folder, name), text);
        var (read, made) = (ClipTokenizer.Load(folder), ClipTokenizer.Published("!"));
        foreach (string prompt in new[] { "", "A red fox, 35mm (bokeh:1.2)", "naïve café 猫 😀!!!", "<|endoftext|> it's" })
            Assert.Equal(made.Encode(prompt), read.Encode(prompt));
        Directory.Delete(folder, true);
    }
}
