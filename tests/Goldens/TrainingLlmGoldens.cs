using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>Whole runs of PEFT's methods on tiny language models, and what belongs to them.</summary>
public sealed class TrainingLlmGoldens
{
    const string Group = "training/llm";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Case(string name) => Golden.Run(Group, name, c =>
    {
        switch (name)
        {
            case "nf4_odd_size": Blocks(c); break;
            case "dpo_losses": DpoLosses(c); break;
            case "label_smoothing": Smoothing(c); break;
            case "neftune": Noise(c); break;
            case "gradient_accumulation_facts": Accumulation(c); break;
            default: Run(c); break;
        }
    });

    static CausalModel Load(GoldenCase c, string model, JsonElement? quantized = null)
    {
        if (quantized is { } file) return QuantizedBase.Load(c, model, file.GetString()!);
        return LanguageModels.Load<CausalModel>(Path.Combine(c.Group.Folder, model), new Lowrank.Torch.Layers.Storage(ScalarType.Float32));
    }

    static void Run(GoldenCase c)
    {
        var (config, inputs, expected) = (c["config"], c["inputs"], c["expected"]);
        var options = config.GetProperty("options");
        using var model = Load(c, config.GetProperty("model").GetString()!, inputs.TryGetProperty("quantized", out var packed) ? packed : null);
        if (options.TryGetProperty("autocast", out _)) model.Dtype = ScalarType.BFloat16;
        var description = model.Describe();
        string kind = config.GetProperty("adapter").GetString()!.Split(' ')[^1];
        using var start = new PeftStart(PathOf(c, inputs, "init"), PeftStart.ConfigOf(config, kind), description);
        using var attachment = description.Attach(start.Adapter);
        start.Adapter.Train(true);

        int micro = config.GetProperty("steps").GetInt32();
        int accumulation = options.TryGetProperty("accumulation", out var several) ? several.GetInt32() : 1;
        bool weighsTokens = options.TryGetProperty("reduction", out var reduction) && reduction.GetString() == "tokens";
        var task = new ShownLosses(new LanguageTrainingTask(model, ObjectiveOf(config), new RecordedBatches(c, inputs.GetProperty("batches"), micro),
            new() { Accumulation = accumulation, WeighsTokens = weighsTokens }));
        if (c.ExpectedNames.Contains("first_grad")) FirstGradient(c, start, task);
        task.Losses.Clear();

        using var optimizer = OptimizerOf(options, start.Adapter);
        var rules = RulesOf(config, start.Adapter, micro);
        var rates = optimizer.Groups.Select(group => new LearningRateSchedule(ConstantCurve.Curve, group.LearningRate, micro)).ToList();
        var loop = new TrainingLoop(task, optimizer, rates, micro / accumulation, accumulation, options.GetProperty("max_grad_norm").GetDouble(), rules);
        var done = new List<TrainingStep>();
        var kept = new List<double[]>();
        while (!loop.IsFinished)
        {
            done.Add(loop.Next());
            if (kind == "AdaLoRA") kept.Add(Ranks(start.Adapter));
        }
        attachment.AssertUsed();
        foreach (var rule in rules.OfType<IDisposable>()) rule.Dispose();

        // A share of a step's loss is told to the loop times the step's batches.
        double part = weighsTokens ? accumulation : 1;
        var losses = accumulation == 1 ? done.Select(step => step.Loss) : task.Losses.Select(loss => loss / part);
        c.AssertClose(tensor(losses.ToArray()), Row(expected, "loss"), "losses");
        c.AssertClose(tensor(done.Select(step => step.GradientNorm).ToArray()), Row(expected, "grad_norm"), "gradient norms");
        start.AssertFinal(c, PathOf(c, expected, "final"), c.Atol);
        if (kind == "AdaLoRA") AssertRanks(c, kept);
    }

    static double[] Ranks(Adapter adapter) =>
        [.. adapter.Targets.Values.OfType<AdaLora>().Select(one => one.Parts.First(part => part.Part == "E").Value.ne(0).sum().ToDouble())];

    static void AssertRanks(GoldenCase c, List<double[]> kept)
    {
        var want = c["expected"].GetProperty("ranks_by_step");
        int step = 0;
        foreach (var ranks in want.EnumerateArray())
        {
            double[] told = ranks.ValueKind == JsonValueKind.Array
                ? [.. ranks.EnumerateArray().Select(one => one.GetDouble())] : [.. ranks.EnumerateObject().Select(one => one.Value.GetDouble())];
            Assert.Equal(told.Order(), kept[step++].Order());
        }
    }

    static IObjective ObjectiveOf(JsonElement config)
    {
        if (!config.TryGetProperty("objective", out var told)) return new SupervisedObjective();
        if (told.GetString() != "DPO sigmoid") throw Golden.NotCovered(told.GetString()!);
        return Objectives.TryNamed("dpo", out var dpo)
            ? dpo.Create(new Dictionary<string, string> { ["beta"] = PlainValue.Text(config.GetProperty("beta").GetDouble()) })
            : throw Golden.NotCovered("the objective dpo");
    }

    static IOptimizer OptimizerOf(JsonElement options, Adapter adapter)
    {
        double rate = options.GetProperty("lr").GetDouble(), decay = options.GetProperty("weight_decay").GetDouble();
        var plus = new LoraPlus(options.TryGetProperty("loraplus_lr_ratio", out var ratio) ? ratio.GetDouble() : null) { PeftWay = true };
        var made = RateGroups.Of(adapter, new Dictionary<string, ComponentRole>(), [], rate, rate, plus);
        var groups = made.Select(group => new ParameterGroup([.. group.Parameters.Select(one => one.Value)], group.Rate) { Decays = group.Decays }).ToList();
        if (options.GetProperty("optimizer").GetString() == "torch.SGD")
            return new Sgd(groups, new(options.GetProperty("optimizer_args").GetProperty("momentum").GetDouble(), WeightDecay: decay));
        var betas = options.GetProperty("betas");
        return new FusedAdamW(groups, new(betas[0].GetDouble(), betas[1].GetDouble(), options.GetProperty("eps").GetDouble(), decay));
    }

    static IReadOnlyList<ITrainingRule> RulesOf(JsonElement config, Adapter adapter, int steps)
    {
        if (!config.TryGetProperty("target_r", out var target)) return [];
        var budget = new RankBudget(target.GetInt32(), steps)
        {
            WarmUp = config.GetProperty("tinit").GetInt32(),
            Final = config.GetProperty("tfinal").GetInt32(),
            Every = config.GetProperty("deltaT").GetInt32(),
            Beta1 = config.GetProperty("beta1").GetDouble(),
            Beta2 = config.GetProperty("beta2").GetDouble(),
        };
        return [new AllocationFromZero(new RankAllocation(adapter, budget, config.GetProperty("orth_reg_weight").GetDouble()))];
    }

    // The peer's run counted its steps from 0 when it called update_and_allocate.
    sealed class AllocationFromZero(RankAllocation allocation) : ITrainingRule, IDisposable
    {
        public Tensor? Loss() => allocation.Loss();

        public void Stepped(int step) => allocation.Stepped(step - 1);

        public void Dispose() => allocation.Dispose();
    }

    static void FirstGradient(GoldenCase c, PeftStart start, ShownLosses task)
    {
        task.Loss(0).backward();
        Backward.Rethrow();
        var gradients = start.Gradients();
        using var want = Containers.Open(PathOf(c, c["expected"], "first_grad"));
        foreach (var info in want.Tensors) c.AssertClose(gradients[info.Name], want.Read(info.Name), $"first gradient of {info.Name}", atol: 1e-6, rtol: 1e-3);
        foreach (var part in start.Adapter.Trainable) part.grad = null;
    }

    static void Blocks(GoldenCase c)
    {
        var x = c.Input("x");
        foreach (var code in new[] { FourBitCode.Nf4, FourBitCode.Fp4 })
        {
            var want = c["expected"].GetProperty(code.Name);
            var blocks = new FourBitBlocks(code, c["config"].GetProperty("blocksize").GetInt32());
            var (packed, largest) = blocks.Encode(x);
            GoldenList.AssertSame(Read("packed"), packed, $"{code.Name} codes");
            c.AssertClose(largest, Read("absmax"), $"{code.Name} magnitudes");
            c.AssertClose(blocks.Decode(packed, largest, x.shape), Read("dequantized").reshape(x.shape), $"{code.Name} values");

            Tensor Read(string part) => c.Group.Tensors.Read(want.GetProperty(part).GetString()!);
        }
    }

    // One token a row, so that a row's log-probability is the token's own.
    static void DpoLosses(GoldenCase c)
    {
        if (!Objectives.TryNamed("dpo", out var descriptor)) throw Golden.NotCovered("the objective dpo");
        var policy = cat([c.Input("chosen"), c.Input("rejected")]).unsqueeze(1);
        var reference = cat([c.Input("reference_chosen"), c.Input("reference_rejected")]).unsqueeze(1);
        var config = c["config"];
        foreach (string loss in new[] { "sigmoid", "hinge", "ipo", "robust", "exo_pair", "sppo_hard" })
        {
            var want = c["expected"].GetProperty(loss);
            var given = new Dictionary<string, string>
            {
                ["loss"] = loss,
                ["beta"] = PlainValue.Text(config.GetProperty("beta").GetDouble()),
                ["label_smoothing"] = PlainValue.Text(loss is "sigmoid" or "hinge" or "ipo" or "sppo_hard" ? 0 : config.GetProperty("label_smoothing").GetDouble()),
            };
            var told = new TokenLogProbabilities(policy, ones_like(policy, dtype: ScalarType.Bool));
            var made = descriptor.Create(given).Loss(new() { Policy = told, Reference = reference });
            c.AssertClose(made.Loss, tensor(want.EnumerateArray().Average(one => one.GetDouble())), loss);
        }
    }

    static void Smoothing(GoldenCase c)
    {
        var logits = c.Input("logits");
        var labels = c.Group.Tensors.Read("batches/labels")[c["inputs"].GetProperty("batch").GetInt32()].to(ScalarType.Int64);
        double epsilon = c["config"].GetProperty("epsilon").GetDouble();
        var smoothed = new SupervisedObjective(new(LabelSmoothing: epsilon));
        var plain = new SupervisedObjective();
        c.AssertClose(LossOf(smoothed, logits, labels), Number(c, "loss"), "loss");
        c.AssertClose(LossOf(plain, logits, labels), Number(c, "plain_loss"), "plain loss");
    }

    static Tensor LossOf(SupervisedObjective objective, Tensor logits, Tensor labels) =>
        objective.Loss(new() { Policy = TokenLogProbabilities.OfLogits(logits, labels, objective.Needs.Tokens) }).Loss;

    static void Noise(GoldenCase c)
    {
        using var model = Load(c, "tiny-llama");
        var ids = c.Group.Tensors.Read("batches/input_ids")[c["inputs"].GetProperty("batch").GetInt32()].to(ScalarType.Int64);
        var noisy = Neftune.Add(model.Vectors(new(ids)), c["config"].GetProperty("neftune_noise_alpha").GetDouble(), c.Input("uniform"));
        c.AssertClose(noisy, c.Expected("noisy"), "vectors with noise");
    }

    static void Accumulation(GoldenCase c)
    {
        using var model = Load(c, "tiny-llama");
        var batches = new RecordedBatches(c, c["inputs"].GetProperty("batches"), 2);
        using var grad = no_grad();
        var (mean, weighed) = (TaskOf(false), TaskOf(true));
        var expected = c["expected"];
        c.AssertClose(tensor(new[] { batches.CountedTokens(0), batches.CountedTokens(1) }), Row(expected, "tokens"), "tokens");
        double[] means = [mean.Loss(0).ToDouble(), mean.Loss(1).ToDouble()];
        c.AssertClose(tensor(means), Row(expected, "mean_losses"), "mean losses");
        c.AssertClose(tensor(means.Average()), Number(c, "mean_of_means"), "mean of means");
        c.AssertClose((weighed.Loss(0) + weighed.Loss(1)) / 2, Number(c, "token_weighted"), "by tokens");

        LanguageTrainingTask TaskOf(bool weighsTokens) => new(model, new SupervisedObjective(), batches, new() { Accumulation = 2, WeighsTokens = weighsTokens });
    }

    static Tensor Number(GoldenCase c, string name) => tensor(c["expected"].GetProperty(name).GetDouble());

    static Tensor Row(JsonElement json, string name) => tensor(json.GetProperty(name).EnumerateArray().Select(v => v.GetDouble()).ToArray());

    static string PathOf(GoldenCase c, JsonElement side, string name) => Path.Combine(c.Group.Folder, side.GetProperty(name).GetString()!);
}
