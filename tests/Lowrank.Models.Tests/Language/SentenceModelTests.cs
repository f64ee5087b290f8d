using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>Folders of sentence-transformers.</summary>
public class SentenceModelTests
{
    const string Modules = """
        [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
         {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
        """;

    [Fact]
    public void SeveralPoolingsStandBehindEachOther() => Try("""{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": true}""", model =>
    {
        var ids = randint(4, 41, [2, 5], ScalarType.Int64, CPU);
        Assert.Equal([SentencePooling.First, SentencePooling.Mean], model.Poolings);
        var vectors = model.Embed(new(ids));
        Assert.Equal([2L, 48], vectors.shape);
        Assert.Equal(1, vectors.square().sum(1)[0].ToDouble(), 1e-5);
    });

    [Fact]
    public void NewerFoldersNameThePoolingByAWord() => Try("""{"pooling_mode": "lasttoken", "word_embedding_dimension": 24}""", model =>
        Assert.Equal([SentencePooling.Last], model.Poolings));

    [Fact]
    public void AnotherWidthThanTheModelsIsToldAtOnce()
    {
        var error = Assert.Throws<LowrankException>(() => Try("""{"word_embedding_dimension": 25}""", _ => { }));
        Assert.Contains("word_embedding_dimension is 25", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModuleThatIsNotComputedIsNamed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["modules.json"], """[{"type": "sentence_transformers.models.LSTM", "path": "1_LSTM"}]""");
        string message = Assert.Throws<LowrankException>(() => SentenceModel.Load(folder.Path)).Message;
        Assert.Contains("LSTM", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModuleOutsideOfItsFolderIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["modules.json"], """[{"type": "x.Transformer", "path": "../elsewhere"}]""");
        string message = Assert.Throws<LowrankException>(() => SentenceModel.Load(folder.Path)).Message;
        Assert.Contains("outside of its folder", message, StringComparison.Ordinal);
    }

    [Fact]
    public void PadsAreInNoVector()
    {
        using var scope = NewDisposeScope();
        var hidden = randn([2, 5, 3], device: CPU) - 2;   // below zero, so that a pad's zero would be the largest
        var mask = ones([2, 5], ScalarType.Int64, CPU);
        mask[1].narrow(0, 3, 2).fill_(0);
        foreach (var pooling in Enum.GetValues<SentencePooling>())
        {
            var batched = SentenceModel.Pooled(pooling, hidden, mask)[1];
            var alone = SentenceModel.Pooled(pooling, hidden.narrow(0, 1, 1).narrow(1, 0, 3))[0];
            Assert.True(batched.allclose(alone, 1e-5, 1e-6), $"{pooling}");
        }
    }

    [Fact]
    public void WhatIsAskedOfTextsIsTold()
    {
        using var folder = new TemporaryFolder();
        using (var body = TinyEncoders.Model<BodyModel>("bert")) TinyEncoders.Save(body, "bert", folder.Path);
        using (var plain = SentenceModel.Load(folder.Path)) Assert.DoesNotContain(plain.Body.Notes, note => note.Contains("do_lower_case") || note.Contains("query"));
        File.WriteAllText(folder["sentence_bert_config.json"], """{"max_seq_length": 16, "do_lower_case": true}""");
        File.WriteAllText(folder["config_sentence_transformers.json"], """{"prompts": {"query": "query: ", "document": ""}, "default_prompt_name": "query"}""");
        using var model = SentenceModel.Load(folder.Path);
        Assert.Equal(16, model.MaxTokens);
        Assert.Contains(model.Body.Notes, note => note.Contains("do_lower_case", StringComparison.Ordinal));
        Assert.Contains(model.Body.Notes, note => note.Contains("query \"query: \" (its default: query)", StringComparison.Ordinal));
    }

    [Theory, InlineData(ScalarType.Float16), InlineData(ScalarType.BFloat16)]
    public void NarrowStatesArePooledAsWideOnesAre(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var hidden = (randn([2, 700, 3], device: CPU) + 1).to(dtype);   // more tokens than bfloat16 counts
        var mask = ones([2, 700], ScalarType.Int64, CPU);
        mask[1].narrow(0, 611, 89).fill_(0);
        foreach (var pooling in Enum.GetValues<SentencePooling>())
        {
            var got = SentenceModel.Pooled(pooling, hidden, mask);
            Assert.Equal(dtype, got.dtype);
            var want = SentenceModel.Pooled(pooling, hidden.to(ScalarType.Float32), mask).to(dtype);
            Assert.True(want.equal(got).all().ToBoolean(), $"{pooling}");
        }
    }

    static void Try(string pooling, Action<SentenceModel> check)
    {
        using var folder = new TemporaryFolder();
        using (var body = TinyEncoders.Model<BodyModel>("bert")) TinyEncoders.Save(body, "bert", folder.Path);
        File.WriteAllText(folder["modules.json"], Modules);
        Directory.CreateDirectory(folder["1_Pooling"]);
        File.WriteAllText(Path.Combine(folder["1_Pooling"], "config.json"), pooling);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = SentenceModel.Load(folder.Path);
        check(model);
    }
}
