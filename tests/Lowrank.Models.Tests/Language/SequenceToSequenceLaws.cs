using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Lowrank.Models.Tests;

/// <summary>What holds of a model that answers rows with rows.</summary>
public class SequenceToSequenceLaws
{
    [Fact]
    public void AnswersThatGoOnFromACacheSayWhatWholeAnswersSay() => Try(model =>
    {
        var (rows, answers) = (Rows(), randint(2, 41, [2, 7], ScalarType.Int64, CPU));
        using var memory = model.Encode(rows);
        var whole = model.Logits(model.Decode(new(answers), memory).Hidden);
        using var cache = model.NewCache();
        long seen = 0;
        foreach (long count in (long[])[3, 1, 2, 1])
        {
            AssertNear(whole.narrow(1, seen, count), model.Logits(model.Decode(new(answers.narrow(1, seen, count)) { Cache = cache }, memory).Hidden));
            seen += count;
        }
        Assert.NotNull(memory.Kept(2));
    });

    [Fact]
    public void RowsThatAreReorderedAnswerInTheNewOrder() => Try(model =>
    {
        var (rows, answers) = (Rows(), randint(2, 41, [2, 4], ScalarType.Int64, CPU));
        using var memory = model.Encode(rows);
        using var cache = model.NewCache();
        var whole = model.Decode(new(answers), memory).Hidden;
        model.Decode(new(answers.narrow(1, 0, 3)) { Cache = cache }, memory);
        using var order = tensor((long[])[1, 0]);
        cache.Reorder(order);
        memory.Reorder(order);
        var next = model.Decode(new(answers.index_select(0, order).narrow(1, 3, 1)) { Cache = cache }, memory).Hidden;
        AssertNear(whole.index_select(0, order).narrow(1, 3, 1), next);
    });

    [Fact]
    public void CheckpointedBlocksGiveTheSameGradients() => Try(model =>
    {
        foreach (var parameter in model.parameters()) parameter.requires_grad_(true);
        var (rows, labels) = (Rows(), randint(2, 41, [2, 5], ScalarType.Int64, CPU));
        var gradients = new List<List<Tensor>>();
        foreach (bool checkpoints in (bool[])[false, true])
        {
            using var recording = enable_grad();
            model.GradientCheckpointing = checkpoints;
            model.zero_grad();
            using var memory = model.Encode(rows);
            TokenLoss.Of(model.Logits(model.Decode(new(model.DecoderIds(labels)), memory).Hidden), labels).backward();
            gradients.Add([.. model.parameters().Select(parameter => parameter.grad?.clone() ?? zeros(1))]);
        }
        Assert.All(gradients[0], gradient => Assert.True(gradient.abs().max().ToDouble() > 0));
        foreach (var (plain, checkpointed) in gradients[0].Zip(gradients[1])) AssertNear(plain, checkpointed, 1e-5);
    });

    [Fact]
    public void APassLeavesOnlyItsAnswer()
    {
        using var model = TinyEncoders.Model<SequenceToSequenceModel>("t5");
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            using var memory = model.Encode(Rows());
            using var cache = model.NewCache();
            model.Decode(new(ones([2, 3], ScalarType.Int64, CPU)) { Cache = cache, KeepsLayers = true }, memory);
        });
    }

    [Fact]
    public void LabelsStandOnePlaceLaterBehindTheStart() => Try(model =>
    {
        using var labels = tensor((long[])[5, 7, -100]).unsqueeze(0);
        Assert.Equal([0L, 5, 7], model.DecoderIds(labels).data<long>().ToArray());
    });

    [Theory, InlineData(true), InlineData(false)]
    public void AHeadThatIsStoredIsTheHead(bool isTold)
    {
        using var folder = new TemporaryFolder();
        using var tied = TinyEncoders.Model<SequenceToSequenceModel>("t5");
        TinyEncoders.Save(tied, "t5", folder.Path);
        string told = isTold ? "\"tie_word_embeddings\": true, " : "\"tie_word_embeddings\": false, ";
        Folders.Edit(folder.Path, "config.json", "\"d_model\"", told + "\"d_model\"");
        using (var absent = LanguageModels.Load<SequenceToSequenceModel>(folder.Path))
            Assert.Single(absent.Describe().TiedWeights);
        using var scope = NewDisposeScope();
        var tensors = tied.state_dict().Where(pair => !tied.SharedNames.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value);
        tensors["lm_head.weight"] = tensors["shared.weight"] + 1;
        Safetensors.Save(folder["model.safetensors"], tensors);
        using var own = LanguageModels.Load<SequenceToSequenceModel>(folder.Path);
        Assert.Empty(own.Describe().TiedWeights);
        Assert.Equal(isTold, own.Notes.Count > 0);
    }

    static LanguageInput Rows()
    {
        var mask = ones([2, 8], ScalarType.Int64, CPU);
        mask[1].narrow(0, 0, 3).fill_(0);
        return new(randint(2, 41, [2, 8], ScalarType.Int64, CPU)) { Mask = mask };
    }

    static void Try(Action<SequenceToSequenceModel> law)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = TinyEncoders.Model<SequenceToSequenceModel>("t5");
        law(model);
    }

    static void AssertNear(Tensor want, Tensor got, double near = 1e-4)
    {
        Assert.Equal(want.shape, got.shape);
        double gap = (want - got).abs().max().ToDouble();
        Assert.True(gap <= near * Math.Max(1, want.abs().max().ToDouble()), $"off by {gap}");
    }
}
