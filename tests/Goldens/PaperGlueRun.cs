using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Language;
using Lowrank.Models;
using Lowrank.Torch;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>A run of the paper's GLUE code: factors of query and value, a whole head, and what it tells of rows in the end.</summary>
sealed class PaperGlueRun(ITensorFile file, string folder, JsonElement c)
{
    readonly string name = c.GetProperty("name").GetString()!;
    readonly JsonElement config = c.GetProperty("config"), expected = c.GetProperty("expected"), tolerance = c.GetProperty("tolerance");

    int Classes => config.GetProperty("num_labels").GetInt32();

    string FactorsFrom => name == "glue-three-classes" ? "glue.init." : "glue-three-classes.final.";

    public void Check()
    {
        string[] labels = [.. Enumerable.Range(0, Classes).Select(number => $"LABEL_{number}")];
        using var model = LanguageModels.LoadHeaded(folder, ModelHead.Rows, labels, new Lowrank.Torch.Layers.Storage(ScalarType.Float32));
        Assert.True(model.LacksHead);
        using var adapter = Start(model);
        using var attachment = model.Describe().Attach(adapter);
        adapter.Train(true);
        IObjective objective = Classes == 1 ? new LabelsObjective(severalClasses: false) : new ClassificationObjective();
        var rows = c.GetProperty("train").EnumerateArray().ToList();
        var batches = new GlueBatches(rows, config.GetProperty("batch").GetInt32(), isScore: Classes == 1);
        var task = new ShownLosses(new LanguageTrainingTask(model, objective, batches));
        Train(task, adapter);
        Same(adapter, "final");
        adapter.Train(false);
        Evaluate(model, objective);
    }

    Adapter Start(LanguageNetwork model)
    {
        var made = new List<Reparameterization>();
        foreach (var target in model.Describe().Components.SelectMany(component => component.Targets).Select(one => one.Target))
        {
            string key = target.Path["model.".Length..];
            bool isFactored = key.EndsWith(".query", StringComparison.Ordinal) || key.EndsWith(".value", StringComparison.Ordinal);
            if (isFactored) made.Add(new Lora(target, Read($"{FactorsFrom}{key}.lora_A"), Read($"{FactorsFrom}{key}.lora_B"), alpha: config.GetProperty("lora_alpha").GetDouble()));
            if (model.IsOfHead(target.Path))
                made.Add(new Replacement(Replacement.Descriptor, target, Read($"{name}.init.{key}.weight"), Read($"{name}.init.{key}.bias")));
        }
        return new("glue", made);
    }

    Tensor Read(string key) => file.Read(key).to(ScalarType.Float32);

    void Train(ShownLosses task, Adapter adapter)
    {
        double rate = config.GetProperty("learning_rate").GetDouble();
        var section = new TrainingRecipe(LanguageRecipe.Form).Optimization with { Warmup = config.GetProperty("warmup_ratio").GetDouble() };
        int steps = config.GetProperty("steps").GetInt32(), warmup = section.WarmupSteps(steps);
        var made = RateGroups.Of(adapter, new Dictionary<string, ComponentRole>(), [], rate, rate, new(), decaysBiases: false);
        var groups = made.Select(group => new ParameterGroup([.. group.Parameters.Select(one => one.Value)], group.Rate) { Decays = group.Decays });
        var given = new Dictionary<string, string> { ["epsilon"] = "1e-8", ["weight_decay"] = PlainValue.Text(config.GetProperty("weight_decay").GetDouble()) };
        using var optimizer = Optimizers.Named("adamw_hf").Create(groups, given);
        var rates = optimizer.Groups.Select(group => new LearningRateSchedule(LinearCurve.Curve, group.LearningRate, steps, warmup)).ToList();
        var loop = new TrainingLoop(task, optimizer, rates, steps, 1, config.GetProperty("max_grad_norm").GetDouble());
        foreach (int step in Enumerable.Range(0, steps))
        {
            double norm = loop.Next().GradientNorm, wanted = Number("grad_norm_before_clip", step);
            Assert.Equal(Number("loss", step), task.Losses[step], tolerance.GetProperty("loss_abs").GetDouble());
            Assert.Equal(wanted, norm, tolerance.GetProperty("norm_rel").GetDouble() * wanted);
            Assert.Equal(Number("lr_per_step", step), optimizer.Groups[0].LearningRate, 1e-9);
        }
    }

    double Number(string field, int step) => expected.GetProperty(field)[step].GetDouble();

    void Same(Adapter adapter, string what)
    {
        foreach (var (path, made) in adapter.Targets)
            foreach (var (own, value) in made.named_parameters())
            {
                string part = own switch { "down" => "lora_A", "up" => "lora_B", _ => own };
                string key = $"{name}.{what}.{path["model.".Length..]}.{part}";
                GoldenList.AssertClose(Read(key), value.detach(), key, tolerance.GetProperty("elements_abs").GetDouble(), 0);
            }
    }

    void Evaluate(LanguageNetwork model, IObjective objective)
    {
        using var grad = no_grad();
        var all = c.GetProperty("eval").EnumerateArray().ToList();
        var examples = new GlueBatches(all, all.Count, isScore: Classes == 1)[0];
        var scores = HeadScores.Of(model, examples);
        GoldenList.AssertClose(file.Read(expected.GetProperty("eval_logits").GetString()!), scores, "logits", tolerance.GetProperty("logits_abs").GetDouble(), 0);
        var told = expected.GetProperty("eval");
        var loss = objective.Loss(new() { Scores = scores, Targets = examples.Targets }).Loss;
        Assert.Equal(told.GetProperty("eval_loss").GetDouble(), loss.ToDouble(), tolerance.GetProperty("loss_abs").GetDouble());
        double[] right = [.. examples.Targets!.to(ScalarType.Float64).data<double>()];
        double[] said = [.. (Classes == 1 ? scores.reshape(-1) : scores.argmax(1)).to(ScalarType.Float64).data<double>()];
        foreach (var measure in told.EnumerateObject().Where(one => one.Name is not ("eval_loss" or "eval_combined_score")))
            Assert.Equal(measure.Value.GetDouble(), Measure(measure.Name, right, said), 2e-6);
    }

    static double Measure(string name, double[] right, double[] said)
    {
        var classes = new Lazy<Classification>(() => new([.. right.Select(one => (int)one)], [.. said.Select(one => (int)one)]));
        return name switch
        {
            "eval_accuracy" => classes.Value.Accuracy,
            "eval_f1" => classes.Value.F1(),
            "eval_pearson" => Correlation.Pearson(right, said),
            _ => Correlation.Spearman(right, said),
        };
    }

    sealed class GlueBatches(List<JsonElement> rows, int size, bool isScore) : ILanguageBatches
    {
        public int PerEpoch => rows.Count / size;

        public LanguageExamples this[long number]
        {
            get
            {
                var taken = rows.Skip((int)(number % PerEpoch) * size).Take(size).ToList();
                var (ids, mask) = (Stacked("input_ids"), Stacked("attention_mask"));
                var labels = isScore ? tensor(taken.Select(row => (float)row.GetProperty("label").GetDouble()).ToArray())
                    : tensor(taken.Select(row => row.GetProperty("label").GetInt64()).ToArray());
                return new(new LanguageBatch(ids, mask, full_like(ids, LanguageBatch.NotCounted))) { Targets = labels };

                Tensor Stacked(string field) =>
                    stack([.. taken.Select(row => tensor(row.GetProperty(field).EnumerateArray().Select(id => id.GetInt64()).ToArray()))]);
            }
        }

        public double CountedTokens(long number) => size;
    }
}
