using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Whole training runs of PEFT's LoRA and LyCORIS's LoCon on a small Stable Diffusion: losses, norms, first gradients, the trained adapter.</summary>
public sealed class DiffusionTrainingGoldens
{
    const string Group = "training/diffusion";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Run(string name) => Golden.Run(Group, name, c =>
    {
        var config = TrajectoryConfig.Of(c);
        using var model = StableDiffusion.Load(Path.Combine(c.Group.Folder, c["inputs"].GetProperty("model").GetString()!), Lowrank.Torch.Layers.Storage.Default);
        model.UNet.GradientCheckpointing = config.Checkpointing;
        var description = model.Describe();
        using var adapter = new TrajectoryAdapter(c, config, description);
        using var attachment = ModelAdaptation.Attach(description, adapter.Adapter);
        adapter.Adapter.Train(true);
        var task = new RecordedTask(c, config, model);

        if (c.ExpectedNames.Contains("first_grad")) FirstGradient(c, config, adapter, task);
        int steps = config.Batches / config.Accumulation;
        var groups = config.Rates.Select(rate => new ParameterGroup(adapter.Trainable(rate.Component), rate.Rate)).ToList();
        using var optimizer = new FusedAdamW(groups, config.Optimizer);
        var rates = config.Rates.Select(rate => new LearningRateSchedule(config.Curve, rate.Rate, steps, config.Warmup)).ToList();
        var loop = new TrainingLoop(task, optimizer, rates, steps, config.Accumulation, config.MaxGradientNorm);
        var done = new List<TrainingStep>();
        while (!loop.IsFinished) done.Add(loop.Next());
        attachment.AssertUsed();

        var expected = c["expected"];
        c.AssertClose(stack([.. task.PerSample]), Table(expected.GetProperty("per_sample_loss")), "loss of each sample");
        c.AssertClose(stack([.. task.PerSample]).mean([1]), Row(expected.GetProperty("loss")), "losses");
        c.AssertClose(tensor(done.Select(s => s.GradientNorm).ToArray()), Row(expected.GetProperty("grad_norm")), "gradient norms");
        c.AssertClose(stack([.. done.Select(s => tensor(s.LearningRates.ToArray()))]), Table(expected.GetProperty("lr")), "learning rates", 1e-12, 1e-9);
        Final(c, adapter);
    });

    static void FirstGradient(GoldenCase c, TrajectoryConfig config, TrajectoryAdapter adapter, RecordedTask task)
    {
        for (int i = 0; i < config.Accumulation; i++) (task.Loss(i) / config.Accumulation).backward();
        Backward.Rethrow();
        task.PerSample.Clear();
        using var want = Containers.Open(FileOf(c, "first_grad"));
        foreach (var info in want.Tensors)
        {
            c.AssertClose(adapter[info.Name].grad!.reshape(info.Shape), want.Read(info.Name), $"first gradient of {info.Name}", atol: 1e-6, rtol: 1e-3);
            adapter[info.Name].grad = null;
        }
    }

    // Each tensor that is stored: how far it is from where it should be, against how far it moved; then its elements; then sums over all.
    static void Final(GoldenCase c, TrajectoryAdapter adapter)
    {
        var expected = c["expected"];
        var holder = expected.TryGetProperty("final_same_as", out var same) ? c.Group.Cases.First(other => other.Name == same.GetString()) : c;
        using var want = Containers.Open(FileOf(holder, "final"));
        using var init = Containers.Open(Path.Combine(c.Group.Folder, c["inputs"].GetProperty("init").GetString()!));
        double off = 0, moved = 0;
        foreach (var info in want.Tensors)
        {
            var (got, end, start) = (adapter[info.Name].detach().reshape(info.Shape), want.Read(info.Name).to(ScalarType.Float32), init.Read(info.Name).to(ScalarType.Float32));
            off += (got - end).square().sum().ToDouble();
            moved += (end - start).square().sum().ToDouble();
        }
        double share = Math.Sqrt(off / moved), limit = c["move_tolerance"].GetDouble();
        Assert.True(share <= limit, $"{c.Name}: the trained adapter is off by {share:g4} of the way it went, and {limit:g4} is allowed");
        foreach (var info in want.Tensors) c.AssertClose(adapter[info.Name].reshape(info.Shape), want.Read(info.Name), info.Name);

        var norms = expected.GetProperty("final_norms");
        // Over what is trained: an alpha is not.
        var all = init.Tensors.Select(t => adapter[t.Name]).Where(t => t.requires_grad).Select(t => t.detach().to(ScalarType.Float64)).ToList();
        double count = all.Sum(t => t.numel()), squares = norms.GetProperty("square_sum").GetDouble();
        c.AssertClose(tensor(all.Sum(t => t.square().sum().ToDouble())), tensor(squares), "sum of squares");
        // What each element may be off adds up as chance does.
        c.AssertClose(tensor(all.Sum(t => t.sum().ToDouble())), tensor(norms.GetProperty("sum").GetDouble()), "sum", atol: c.Atol * Math.Sqrt(count) + limit * Math.Sqrt(moved));
    }

    static string FileOf(GoldenCase c, string expected) => Path.Combine(c.Group.Folder, c["expected"].GetProperty(expected).GetString()!);

    static Tensor Row(JsonElement numbers) => tensor(numbers.EnumerateArray().Select(v => v.GetDouble()).ToArray());

    static Tensor Table(JsonElement rows) => stack([.. rows.EnumerateArray().Select(Row)]);
}
