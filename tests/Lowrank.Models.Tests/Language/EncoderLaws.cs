using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Lowrank.Models.Tests;

/// <summary>What holds of every model that sees whole rows.</summary>
public class EncoderLaws
{
    const double Near = 1e-4;   // states are of the order of one, in float32

    public static IEnumerable<TheoryDataRow<string>> Families => TinyEncoders.Families;

    public static IEnumerable<TheoryDataRow<string, string>> Classes => TinyEncoders.Classes;

    [Theory, MemberData(nameof(Families))]
    public void ABatchOfPaddedRowsSaysWhatEachRowSaysAlone(string family) => Try(family, model =>
    {
        long[] lengths = [9, 4, 6];
        var ids = randint(4, 41, [3, 9], ScalarType.Int64, CPU);
        var mask = zeros([3, 9], ScalarType.Int64, CPU);
        for (int row = 0; row < 3; row++)
        {
            mask[row].narrow(0, 0, lengths[row]).fill_(1);
            ids[row].narrow(0, lengths[row], 9 - lengths[row]).fill_(model.Config.PadId!.Value);
        }
        var batched = model.Run(new(ids) { Mask = mask }).Hidden;
        for (int row = 0; row < 3; row++)
        {
            var alone = model.Run(new(ids.narrow(0, row, 1).narrow(1, 0, lengths[row]))).Hidden;
            AssertNear(alone, batched.narrow(0, row, 1).narrow(1, 0, lengths[row]));
        }
    });

    [Theory, MemberData(nameof(Families))]
    public void PackedDocumentsSayWhatEachSaysAlone(string family) => Try(family, model =>
    {
        if (family == "deberta-v2") return;   // its convolution goes on across documents
        long[] lengths = [5, 7, 2];
        var ids = randint(4, 41, [1, 14], ScalarType.Int64, CPU);
        var positions = cat([.. lengths.Select(length => arange(length, ScalarType.Int64, CPU))]).unsqueeze(0);
        var packed = model.Run(LanguageInput.Packed(ids, positions)).Hidden;
        long from = 0;
        foreach (long length in lengths)
        {
            AssertNear(model.Run(new(ids.narrow(1, from, length))).Hidden, packed.narrow(1, from, length));
            from += length;
        }
    });

    [Theory, MemberData(nameof(Families))]
    public void HalvesMayBePadded(string family) => Try(family, model =>
    {
        var ids = randint(4, 41, [2, 6], ScalarType.Int64, CPU);
        var mask = ones_like(ids);
        mask[1].narrow(0, 4, 2).fill_(0);
        var want = model.Run(new(ids) { Mask = mask }).Hidden * mask.unsqueeze(-1);
        model.Dtype = ScalarType.Float16;
        AssertNear(want, model.Run(new(ids) { Mask = mask }).Hidden.to(ScalarType.Float32) * mask.unsqueeze(-1), 0.02);
    });

    [Theory, MemberData(nameof(Families))]
    public void CheckpointedPassesLeaveNothing(string family)
    {
        using var model = TinyEncoders.Model<BodyModel>(family);
        model.GradientCheckpointing = true;
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            var ids = randint(4, 41, [2, 6], ScalarType.Int64, CPU);
            var mask = ones_like(ids);
            mask[1].narrow(0, 4, 2).fill_(0);
            using (no_grad()) model.Run(new(ids) { Mask = mask });
            model.Run(new(ids) { Mask = mask }).Hidden.square().mean().backward();
            model.zero_grad(true);
            Backward.Release();
        });
    }

    [Theory, MemberData(nameof(Families))]
    public void CheckpointedLayersGiveTheSameGradients(string family) => Try(family, model =>
    {
        foreach (var parameter in model.parameters()) parameter.requires_grad_(true);
        var ids = randint(4, 41, [2, 6], ScalarType.Int64, CPU);
        var mask = ones_like(ids);
        mask[1].narrow(0, 4, 2).fill_(0);
        var gradients = new List<List<Tensor>>();
        foreach (bool checkpoints in (bool[])[false, true])
        {
            using var recording = enable_grad();
            model.GradientCheckpointing = checkpoints;
            model.zero_grad();
            (model.Run(new(ids) { Mask = mask }).Hidden * mask.unsqueeze(-1)).square().mean().backward();
            gradients.Add([.. model.parameters().Select(parameter => parameter.grad?.clone() ?? zeros(1))]);
        }
        Assert.Contains(gradients[0], gradient => gradient.abs().max().ToDouble() > 0);
        foreach (var (plain, checkpointed) in gradients[0].Zip(gradients[1])) AssertNear(plain, checkpointed, 1e-5);
    });

    [Theory, MemberData(nameof(Families))]
    public void APassLeavesOnlyItsAnswer(string family)
    {
        using var model = TinyEncoders.Model<BodyModel>(family);
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var ids = randint(4, 41, [2, 5], ScalarType.Int64, CPU);
            var mask = ones([2, 5], ScalarType.Int64, CPU);
            mask[0, 4].fill_(0);
            model.Run(new(ids) { Mask = mask, KeepsLayers = true });
        });
    }

    [Theory, MemberData(nameof(Classes))]
    public void WhatIsWrittenUnderThePublishedNamesIsReadBack(string family, string name)
    {
        using var folder = new TemporaryFolder();
        using var want = TinyEncoders.Model<LanguageNetwork>(family, name);
        TinyEncoders.Save(want, family, folder.Path);
        using var got = LanguageModels.Load(folder.Path);
        Assert.Equal(name, got.GetName());
        AssertSame(want, got);
    }

    [Theory, MemberData(nameof(Classes))]
    public void EveryMatrixOfAModelCanBeAdapted(string family, string name)
    {
        using var model = TinyEncoders.Model<LanguageNetwork>(family, name);
        var layers = model.Describe().LayersByPath;
        foreach (var (path, parameter) in model.named_parameters())
            if (parameter.dim() > 1) Assert.Contains($"model.{path[..path.LastIndexOf('.')]}", layers.Keys);
    }

    [Theory, MemberData(nameof(Classes))]
    public void AModelThatChangesItsDtypeKeepsItsTiedHead(string family, string name)
    {
        using var model = TinyEncoders.Model<LanguageNetwork>(family, name);
        var tied = model.Describe().TiedWeights.Select(group => group.ToString()).ToList();
        model.to(ScalarType.BFloat16);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.BFloat16, parameter.dtype));
        Assert.Equal(tied, TiedWeights.In(model.Describe().Components).Select(group => group.ToString()));
    }

    [Theory, InlineData("bert", "bert."), InlineData("deberta-v2", "deberta."), InlineData("modernbert", "model.")]
    public void PrefixesMayBeMissingOrAdded(string family, string prefix)
    {
        foreach (string name in LanguageArchitectures.Named(family).Classes)
        {
            using var folder = new TemporaryFolder();
            using var want = TinyEncoders.Model<LanguageNetwork>(family, name);
            TinyEncoders.Save(want, family, folder.Path, path =>
                want is BodyModel ? prefix + path : path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : path);
            using var got = LanguageModels.Load(folder.Path);
            AssertSame(want, got);
        }
    }

    [Fact]
    public void ABodyIsTakenOutOfAModelWithAHead()
    {
        using var folder = new TemporaryFolder();
        using var want = TinyEncoders.Model<ClassifierModel>("bert", "BertForSequenceClassification");
        TinyEncoders.Save(want, "bert", folder.Path);
        using var body = LanguageModels.Load<BodyModel>(folder.Path, className: "BertModel");
        Assert.Contains(body.Notes, note => note.Contains("classifier.weight", StringComparison.Ordinal));
        var message = Assert.Throws<LowrankException>(() => LanguageModels.Load(folder.Path, className: "BertForNothing")).Message;
        Assert.Contains("BertForMaskedLM", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheHeadThatAsksWhetherTextsFollowEachOtherIsPassedOverAndTold()
    {
        using var folder = new TemporaryFolder();
        using var want = TinyEncoders.Model<MaskedModel>("bert", "BertForPreTraining");
        TinyEncoders.Save(want, "bert", folder.Path);
        using (var file = Safetensors.Open(folder["model.safetensors"]))
        using (NewDisposeScope())
        {
            var tensors = file.Tensors.ToDictionary(info => info.Name, info => file.Read(info.Name));
            tensors["cls.seq_relationship.weight"] = zeros([2, 24], device: CPU);
            Safetensors.Save(folder["more.safetensors"], tensors);
        }
        File.Move(folder["more.safetensors"], folder["model.safetensors"], overwrite: true);
        using var got = LanguageModels.Load<MaskedModel>(folder.Path);
        AssertSame(want, got);
        Assert.Contains(got.Notes, note => note.Contains("cls.seq_relationship.weight", StringComparison.Ordinal));
    }

    [Fact]
    public void ACacheIsRefusedByAModelThatSeesWholeRows() => Try("bert", model =>
    {
        using var cache = KeyValueCache.Recorded([], 3);
        Assert.Throws<LowrankException>(() => model.Run(new(ones([1, 2], ScalarType.Int64, CPU)) { Cache = cache }));
    });

    [Fact]
    public void TypesAreRefusedByAModelWithoutThem() => Try("distilbert", model =>
    {
        var ids = ones([1, 2], ScalarType.Int64, CPU);
        model.Run(new(ids) { Types = zeros_like(ids) });
        Assert.Throws<LowrankException>(() => model.Run(new(ids) { Types = ids }));
    });

    static void AssertSame(LanguageNetwork want, LanguageNetwork got)
    {
        foreach (var ((path, one), (other, two)) in want.state_dict().Zip(got.state_dict()))
        {
            Assert.Equal(path, other);
            Assert.True(one.eq(two).all().ToBoolean(), path);
        }
    }

    static void Try(string family, Action<BodyModel> law)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = TinyEncoders.Model<BodyModel>(family);
        law(model);
    }

    static void AssertNear(Tensor want, Tensor got, double near = Near)
    {
        Assert.Equal(want.shape, got.shape);
        double gap = (want - got).abs().max().ToDouble();
        Assert.True(gap <= near * Math.Max(1, want.abs().max().ToDouble()), $"off by {gap}");
    }
}
