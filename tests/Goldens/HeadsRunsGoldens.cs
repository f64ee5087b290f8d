using System.Text.Json;
using System.Text.Json.Nodes;
using Lowrank.Adapters;
using Lowrank.Language;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>Whole runs of heads with adapters: classes, numbers, several labels, tokens, spans, masked words, rows from rows.</summary>
public sealed class HeadsRunsGoldens
{
    const string Group = "training/heads";

    public static IEnumerable<TheoryDataRow<string>> Cases => GoldenFolder.Groups.Contains(Group)
        ? GoldenGroup.Open(Group).Cases.Where(c => c["config"].TryGetProperty("updates", out _)).Select(c => new TheoryDataRow<string>(c.Name)) : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Run(string name) => Golden.Run(Group, name, c =>
    {
        var (config, inputs, expected) = (c["config"], c["inputs"], c["expected"]);
        string folder = Path.Combine(c.Group.Folder, config.GetProperty("base").GetString()!);
        using var model = LanguageModels.Load(folder, new Lowrank.Torch.Layers.Storage(ScalarType.Float32));
        var description = model.Describe();
        using var start = StartOf(c, model, description);
        using var attachment = description.Attach(start.Adapter);
        start.Adapter.Train(true);

        int micro = config.GetProperty("steps").GetInt32(), updates = config.GetProperty("updates").GetInt32(), accumulation = micro / updates;
        bool weighsTokens = config.TryGetProperty("tokens_over_all", out _);
        var objective = ObjectiveOf(config);
        var batches = new RecordedBatches(c, inputs.GetProperty("batches"), micro, labelsAreTargets: true);
        var task = new ShownLosses(new LanguageTrainingTask(model, objective, batches, new() { Accumulation = accumulation, WeighsTokens = weighsTokens }));
        using var optimizer = OptimizerOf(config, start, model);
        int warmup = config.GetProperty("warmup_steps").GetInt32();
        var rates = optimizer.Groups.Select(group => new LearningRateSchedule(LinearCurve.Curve, group.LearningRate, updates, warmup)).ToList();
        AssertFirstGradients(c, start, task);
        task.Losses.Clear();
        var loop = new TrainingLoop(task, optimizer, rates, updates, accumulation, config.GetProperty("max_grad_norm").GetDouble(), []);
        var (norms, used) = (new List<double>(), new List<double[]>());
        while (!loop.IsFinished)
        {
            norms.Add(loop.Next().GradientNorm);
            used.Add([.. optimizer.Groups.Select(group => group.LearningRate)]);
        }
        attachment.AssertUsed();

        double part = weighsTokens ? accumulation : 1;   // a share of a step's loss is told to the loop times the step's batches
        c.AssertClose(tensor(task.Losses.Select(loss => loss / part).ToArray()), Row(expected, "loss"), "losses");
        c.AssertClose(tensor(norms.ToArray()), Row(expected, "grad_norm"), "gradient norms");
        AssertRates(expected.GetProperty("lr"), used);
        start.AssertFinal(c, Path.Combine(c.Group.Folder, expected.GetProperty("final").GetString()!), c.Atol);
        start.Adapter.Train(false);
        AssertOutputs(c, model);
    });

    // The head alone has plain names, which are those of the modules.
    static PeftStart StartOf(GoldenCase c, LanguageNetwork model, ModelDescription description)
    {
        string init = Path.Combine(c.Group.Folder, c["inputs"].GetProperty("init").GetString()!);
        var told = c["config"].GetProperty("adapter");
        if (told.ValueKind != JsonValueKind.Null) return new(init, JsonNode.Parse(told.GetRawText())!.AsObject(), description);
        return new(init, description, model.IsOfHead);
    }

    static IObjective ObjectiveOf(JsonElement config)
    {
        string labels = config.GetProperty("labels").GetString()!;
        double smoothing = config.TryGetProperty("smoothing", out var told) ? told.GetDouble() : 0;
        double[] weights = config.TryGetProperty("class_weights", out var given) ? [.. given.EnumerateArray().Select(one => one.GetDouble())] : [];
        var classes = new ClassificationOptions { ClassWeights = weights, LabelSmoothing = smoothing };
        return labels switch
        {
            "classes" or "pairs" or "pairs_without_types" => new ClassificationObjective(classes),
            "token" or "masked_lm" or "seq2seq" => new ClassificationObjective(classes, ofTokens: true),
            "regression" => new LabelsObjective(severalClasses: false),
            "multi_label" => new LabelsObjective(severalClasses: true),
            "question" => new SpansObjective(),
            _ => throw Golden.NotCovered(labels),
        };
    }

    static FusedAdamW OptimizerOf(JsonElement config, PeftStart start, LanguageNetwork model)
    {
        double rate = config.GetProperty("lr").GetDouble(), decay = config.GetProperty("weight_decay").GetDouble();
        double headRate = config.TryGetProperty("head_lr", out var own) ? own.GetDouble() : rate;
        bool parts = config.TryGetProperty("decay_groups", out _);
        var heads = start.Adapter.Targets.Values.Where(made => model.IsOfHead(made.Target.Path))
            .Select(made => new PlannedTarget(made.Target, made.Method, new MethodOptions(1)) { LearningRate = headRate });
        var made = RateGroups.Of(start.Adapter, new Dictionary<string, ComponentRole>(), heads, rate, rate, new(), decaysBiases: !parts);
        var groups = made.Select(group => new ParameterGroup([.. group.Parameters.Select(one => one.Value)], group.Rate)
        {
            Decays = group.Decays, DecaysToward = group.DecaysToward,
        });
        var betas = config.GetProperty("betas");
        return new([.. groups], new(betas[0].GetDouble(), betas[1].GetDouble(), config.GetProperty("eps").GetDouble(), decay));
    }

    static void AssertFirstGradients(GoldenCase c, PeftStart start, ShownLosses task)
    {
        int accumulation = c["config"].GetProperty("steps").GetInt32() / c["config"].GetProperty("updates").GetInt32();
        for (int batch = 0; batch < accumulation; batch++) (task.Loss(batch) / accumulation).backward();
        Backward.Rethrow();
        var gradients = start.Gradients();
        var want = c["expected"].GetProperty("first_grad_norms");
        foreach (var one in want.EnumerateObject())
        {
            string key = gradients.ContainsKey(one.Name) ? one.Name : PeftStart.Plain(one.Name);
            double got = gradients[key].norm().ToDouble(), norm = one.Value.GetDouble();
            Assert.True(Math.Abs(got - norm) <= 1e-5 + 1e-3 * norm, $"{c.Name}: the first gradient of {one.Name} has the norm {got:R}, expected {norm:R}");
        }
        foreach (var part in start.Adapter.Trainable) part.grad = null;
    }

    static void AssertRates(JsonElement want, List<double[]> used)
    {
        foreach (var (step, one) in want.EnumerateArray().Index())
        {
            double[] rates = one.ValueKind == JsonValueKind.Array ? [.. one.EnumerateArray().Select(rate => rate.GetDouble())] : [one.GetDouble()];
            Assert.True(rates.Length == 1 || rates.Length == used[step].Length, $"{rates.Length} rates are told of {used[step].Length} groups");
            foreach (var (group, got) in used[step].Index()) Assert.Equal(rates[rates.Length == 1 ? 0 : group], got, 1e-8);
        }
    }

    static void AssertOutputs(GoldenCase c, LanguageNetwork model)
    {
        using var grad = no_grad();
        model.eval();
        var examples = new RecordedBatches(c, c["inputs"].GetProperty("eval"), 1, labelsAreTargets: true) { IsWhole = true }[0];
        var scores = HeadScores.Of(model, examples);
        double atol = c["logits_atol"].GetDouble();
        foreach (var output in c["expected"].GetProperty("eval_outputs").EnumerateObject())
        {
            var got = output.Name switch { "start_logits" => scores.select(-1, 0), "end_logits" => scores.select(-1, 1), _ => scores };
            c.AssertClose(got, c.Group.Tensors.Read(output.Value.GetString()!), output.Name, atol, 0);
        }
        var measures = new HeadMeasures(scores, examples.Targets!);
        foreach (var measure in c["expected"].GetProperty("metrics").EnumerateObject())
            Assert.Equal(measure.Value.GetDouble(), measures.Of(measure.Name, c["config"].GetProperty("labels").GetString()!), 2e-6);
    }

    sealed class HeadMeasures(Tensor scores, Tensor targets)
    {
        public double Of(string name, string labels) => labels switch
        {
            "regression" => OfNumbers(name),
            "multi_label" => OfSeveral(name),
            "question" => Share(scores.select(-1, name == "start_accuracy" ? 0 : 1).argmax(1).eq(targets.select(1, name == "start_accuracy" ? 0 : 1))),
            _ => OfClasses(name),
        };

        double OfClasses(string name)
        {
            var right = targets.reshape(-1);
            var counted = right.ne(LanguageBatch.NotCounted);
            var told = new Classification(Ids(right[counted]), Ids(scores.reshape(-1, scores.shape[^1]).argmax(1)[counted]));
            return name switch
            {
                "accuracy" => told.Accuracy,
                "matthews_correlation" => told.Matthews,
                "f1" => told.F1(),
                "f1_macro" => told.MacroF1,
                "counted" => counted.sum().ToDouble(),
                _ => throw Golden.NotCovered(name),
            };
        }

        double OfNumbers(string name)
        {
            var (right, told) = (Numbers(targets), Numbers(scores));
            return name switch
            {
                "pearson" => Correlation.Pearson(right, told),
                "spearmanr" => Correlation.Spearman(right, told),
                _ => Correlation.MeanSquaredError(right, told),
            };
        }

        double OfSeveral(string name)
        {
            var (right, told) = (targets.gt(0.5), scores.gt(0));
            if (name == "subset_accuracy") return Share(right.eq(told).all(1));
            double[] both = Sums(right.logical_and(told)), all = [.. Sums(right).Zip(Sums(told), (one, other) => one + other)];
            if (name == "f1_micro") return 2 * both.Sum() / all.Sum();
            return both.Zip(all, (one, sum) => sum == 0 ? 0 : 2 * one / sum).Average();
        }

        static double Share(Tensor of) => of.to(ScalarType.Float64).mean().ToDouble();

        static double[] Sums(Tensor of) => [.. of.to(ScalarType.Float64).sum([0]).data<double>()];

        static int[] Ids(Tensor of) => [.. of.data<long>().Select(id => (int)id)];

        static double[] Numbers(Tensor of) => [.. of.reshape(-1).to(ScalarType.Float64).data<double>()];
    }

    static Tensor Row(JsonElement json, string name) => tensor(json.GetProperty(name).EnumerateArray().Select(v => v.GetDouble()).ToArray());
}
