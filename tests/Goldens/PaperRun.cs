using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Torch;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>A run of the paper's E2E code: its adapter of q and v, its optimizer, and a schedule that goes on with every batch.</summary>
sealed class PaperRun
{
    readonly ITensorFile file;
    readonly JsonElement config;
    readonly string init, name;

    public PaperRun(ITensorFile file, CausalModel model, JsonElement config, string init, string name)
    {
        (this.file, this.config, this.init, this.name) = (file, config, init, name);
        var options = new MergedLoraOptions(config.GetProperty("r").GetInt32(), config.GetProperty("alpha").GetDouble()) { Slices = [true, false, true] };
        var made = model.Describe().Components.SelectMany(component => component.Targets).Select(one => one.Target)
            .Where(target => target.Path.EndsWith("c_attn", StringComparison.Ordinal))
            .Select(target => new MergedLora(target, Read(init, target, "A"), Read(init, target, "B"), options));
        Adapter = new("paper", [.. made]);
    }

    public Adapter Adapter { get; }

    public int Accumulation => config.GetProperty("grad_acc").GetInt32();

    Tensor Read(string front, Target target, string part) => file.Read($"{front}{Key(target)}.lora_{part}").to(ScalarType.Float32);

    static string Key(Target target) => target.Path[target.Path.IndexOf("h.", StringComparison.Ordinal)..];

    IEnumerable<(Target Target, string Part, Tensor Value)> Parts => Adapter.Targets.Values.SelectMany(made => made.named_parameters()
        .Select(one => (made.Target, one.name == "down" ? "A" : "B", (Tensor)one.parameter)));

    /// <summary>Trains, and compares losses, rates, norms and factors on the way.</summary>
    public void Train(ShownLosses task, JsonElement expected, JsonElement tolerance)
    {
        var given = new Dictionary<string, string>
        {
            ["weight_decay"] = PlainValue.Text(config.GetProperty("weight_decay").GetDouble()),
            ["beta2"] = PlainValue.Text(config.GetProperty("beta2").GetDouble()),
            ["correct_bias"] = config.GetProperty("correct_bias").GetBoolean() ? "true" : "false",
        };
        double rate = config.GetProperty("lr").GetDouble(), clip = config.GetProperty("clip").GetDouble();
        using var optimizer = Optimizers.Named("adamw_hf").Create([new ParameterGroup([.. Parts.Select(one => one.Value)], rate)], given);
        int batches = config.GetProperty("max_step").GetInt32(), steps = batches / Accumulation;
        string curve = config.GetProperty("scheduler").GetString()!;
        var schedule = LearningRateSchedules.Named(curve == "cosine" ? "cosine_from_start" : curve)
            .Create(rate, batches, config.GetProperty("warmup").GetInt32(), given) with { PerStep = Accumulation };
        var loop = new TrainingLoop(task, optimizer, [schedule], steps, Accumulation, clip);
        var (norms, rates) = (new List<double>(), new List<double>());
        while (!loop.IsFinished)
        {
            norms.Add(loop.Next().GradientNorm);
            rates.Add(optimizer.Groups[0].LearningRate);
            if (loop.Step == 1) Same("first_grad", one => one.grad!, tolerance);
            if (loop.Step is 1 or 7) Same($"after_{loop.Step}", one => one, tolerance);
        }
        Close("loss_per_micro_batch", task.Losses, tolerance.GetProperty("loss_abs").GetDouble(), 0);
        Close("grad_norm_before_clip_per_update", norms, 1e-7, tolerance.GetProperty("norm_rel").GetDouble());
        Close("lr_per_update", rates, 1e-10, tolerance.GetProperty("lr_rel").GetDouble());
        Same("final", one => one, tolerance);
        AssertMoved(tolerance.GetProperty("move_rel").GetDouble());

        void Close(string field, IReadOnlyList<double> got, double atol, double rtol)
        {
            double[] want = [.. expected.GetProperty(field).EnumerateArray().Select(one => one.GetDouble())];
            Assert.Equal(want.Length, got.Count);
            foreach (var (step, (one, other)) in want.Zip(got).Index())
                Assert.True(Math.Abs(one - other) <= atol + rtol * Math.Abs(one), $"{name}: {field} {step} is {other:R}, expected {one:R}");
        }
    }

    void Same(string what, Func<Tensor, Tensor> of, JsonElement tolerance)
    {
        if (!file.Tensors.Any(one => one.Name.StartsWith($"{name}.{what}.", StringComparison.Ordinal))) return;
        foreach (var (target, part, value) in Parts)
            GoldenList.AssertClose(Read($"{name}.{what}.", target, part), of(value).detach(), $"{name}.{what} of {target} {part}", tolerance.GetProperty("elements_abs").GetDouble(), 0);
    }

    void AssertMoved(double most)
    {
        using var grad = no_grad();
        double off = 0, moved = 0;
        foreach (var (target, part, value) in Parts)
        {
            var end = Read($"{name}.final.", target, part);
            off += (value - end).square().sum().ToDouble();
            moved += (end - Read(init, target, part)).square().sum().ToDouble();
        }
        Assert.True(Math.Sqrt(off / moved) <= most, $"{name}: the factors are off by {Math.Sqrt(off / moved):g4} of the way they went");
    }
}
