namespace Lowrank.Language.Tests;

public sealed class TokenizersTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("normalizer", """{"type": "Shout"}""", "Shout")]
    [InlineData("pre_tokenizer", """{"type": "Sequence", "pretokenizers": [{"type": "Dice"}]}""", "pre_tokenizer.pretokenizers[0] is a \"Dice\"")]
    [InlineData("decoder", """{"type": "ByteLevel", "louder": true}""", "\"louder\"")]
    [InlineData("truncation", """{"max_length": 5, "strategy": "Random"}""", "Random")]
    public void APartThatIsNotUnderstoodIsNamed(string field, string part, string named)
    {
        string json = $$"""{"{{field}}": {{part}}, "model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"} }""";
        Assert.Contains(named, Assert.Throws<LowrankException>(() => Tokenizers.FromJson(json)).Message);
    }

    [Fact]
    public void AFieldAtTheTopThatIsNotUnderstoodIsNamed() =>
        Assert.Contains("\"sauce\"", Assert.Throws<LowrankException>(() => Tokenizers.FromJson(TinyTokenizers.ByteLevelJson("\"sauce\": 1,"))).Message);

    [Fact]
    public void AFolderWithoutATokenizerSaysWhatItWasLookedFor() =>
        Assert.Contains("tokenizer.json", Assert.Throws<LowrankException>(() => Tokenizers.Load(folder.Path)).Message);

    [Fact]
    public void AFolderTellsWhatItHoldsBesideTheTokenizer()
    {
        File.WriteAllText(folder["tokenizer.json"], TinyTokenizers.ByteLevelJson());
        File.WriteAllText(folder["vocab.txt"], "a\n");
        File.WriteAllText(folder["tokenizer_config.json"],
            """{"eos_token": "<end>", "bos_token": {"content": "<begin>"}, "pad_token": "<none>", "model_max_length": 12, "chat_template": "{{ 1 }}"}""");
        File.WriteAllText(folder["chat_template.jinja"], "{{ 2 }}");
        var loaded = Tokenizers.Load(folder.Path);
        Assert.Equal("tokenizer.json", loaded.Kind);
        Assert.Equal((302, 300, null), (loaded.Tokenizer.Specials.Begin, loaded.Tokenizer.Specials.End, loaded.Tokenizer.Specials.Pad));
        Assert.Equal("<begin>", loaded.SpecialTexts["bos_token"]);
        Assert.Equal("{{ 2 }}", loaded.ChatTemplates["default"]);
        Assert.Equal(12, loaded.MaxLength);
        Assert.Contains(loaded.Notes, note => note.Contains("vocab.txt"));
        Assert.Contains(loaded.Notes, note => note.Contains("<none>"));
    }

    [Fact]
    public void TruncationAndPaddingOfTheFileAreToldAndNotApplied()
    {
        var tokenizer = Tokenizers.FromJson(TinyTokenizers.ByteLevelJson(
            """
            "truncation": {"direction": "Left", "max_length": 2, "strategy": "OnlyFirst", "stride": 1},
            "padding": {"strategy": {"Fixed": 4}, "direction": "Left", "pad_to_multiple_of": 8, "pad_id": 7, "pad_type_id": 1, "pad_token": "x"},
            """));
        Assert.Equal(new Truncation(2) { CutsLeft = true, Strategy = TruncationStrategy.OnlyFirst, Stride = 1 }, tokenizer.Truncation);
        Assert.Equal(new Padding(7) { Length = 4, OnLeft = true, MultipleOf = 8, TypeId = 1 }, tokenizer.Padding);
        Assert.Equal(4, tokenizer.Encode("dddd").Ids.Count);
        var row = Assert.Single(tokenizer.EncodeBatch([("dddd", null)], tokenizer.Truncation, tokenizer.Padding));
        Assert.Equal([7, 7, 7, 7, 7, 7, 'd', 'd'], row.Ids);
    }

    [Fact]
    public void RanksWithoutAPatternSayHowTheyAreLoaded()
    {
        File.WriteAllText(folder["tokenizer.model"], "IQ== 0\nIg== 1\n");
        Assert.Contains("LoadTiktoken", Assert.Throws<LowrankException>(() => Tokenizers.Load(folder.Path)).Message);
    }

    // Scores of pieces have bytes of zero, and text has none.
    [Fact]
    public void AModelOfPiecesIsReadByTheNameThatRanksHaveToo()
    {
        using var bytes = new MemoryStream();
        foreach (var (piece, kind) in new[] { ("<unk>", 2), ("<s>", 3), ("</s>", 3), ("a", 1), ("b", 1) })
        {
            byte[] name = System.Text.Encoding.UTF8.GetBytes(piece);
            bytes.Write([0x0A, (byte)(name.Length + 9), 0x0A, (byte)name.Length, .. name, 0x15, 0, 0, 0x80, 0xBF, 0x18, (byte)kind]);
        }
        bytes.Write([0x12, 2, 0x18, 1]);   // unigrams
        File.WriteAllBytes(folder["tokenizer.model"], bytes.ToArray());
        Assert.Equal("a", Tokenizers.Load(folder.Path).Tokenizer.Token(3));
    }

    [Fact]
    public void AFileThatIsNoSentencePieceModelIsRefused()
    {
        File.WriteAllBytes(folder["tokenizer.model"], [0x0A, 0xFF, 0x01]);
        Assert.Contains("tokenizer.model", Assert.Throws<LowrankException>(() => Tokenizers.Load(folder["tokenizer.model"])).Message);
    }

    [Fact]
    public void VocabularyAndMergesMakeAByteLevelTokenizerWhoseBracketedTokenIsControl()
    {
        var letters = Enumerable.Range(0, 256).Select(value => ByteAlphabet.LetterOf((byte)value).ToString());
        var vocabulary = letters.Append("th").Append("<|endoftext|>").Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id);
        File.WriteAllText(folder["vocab.json"], System.Text.Json.JsonSerializer.Serialize(vocabulary));
        File.WriteAllText(folder["merges.txt"], "#version: 0.2\nt h\n");
        var tokenizer = Tokenizers.Load(folder.Path).Tokenizer;
        Assert.Equal([256, 257, ' '], tokenizer.Encode("th<|endoftext|> ").Ids);
        Assert.Equal([256, '<'], tokenizer.Encode("th<|endoftext|>", parseSpecials: false).Ids.Take(2));
    }
}
