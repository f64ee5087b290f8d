using System.Text.Json;
using System.Text.Json.Nodes;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>A run of a peer's trainer, taken again from the adapter that it began with.</summary>
sealed class PeftRun : IDisposable
{
    readonly GoldenCase c;
    readonly JsonElement config;

    public PeftRun(GoldenCase c)
    {
        (this.c, config) = (c, c["config"]);
        string model = config.GetProperty("model").GetString()!;
        Model = LanguageModels.Load(Located(model), new Lowrank.Torch.Layers.Storage(ScalarType.Float32));
        // The runs' own, which the model's files need not name.
        if (Model is ScoreModel scores) scores.PadId = config.GetProperty("pad_token_id").GetInt32();
        Description = Model.Describe();
        Start = Started();
        Attachment = Description.Attach(Start.Adapter);
        Start.Adapter.Train(true);
    }

    public LanguageNetwork Model { get; }

    public ModelDescription Description { get; }

    public PeftStart Start { get; }

    public Attachment Attachment { get; }

    public int Accumulation => config.TryGetProperty("gradient_accumulation_steps", out var several) ? several.GetInt32() : 1;

    /// <summary>The adapter that it began with, once more.</summary>
    public PeftStart Started() => new(Located(c["inputs"].GetProperty("init").GetString()!), Configuration(), Description);

    JsonObject Configuration()
    {
        var told = new JsonObject { ["peft_type"] = "LORA" };
        foreach (string field in new[] { "r", "lora_alpha", "target_modules", "fan_in_fan_out", "task_type" })
            if (config.TryGetProperty(field, out var value)) told[field] = JsonNode.Parse(value.GetRawText());
        if (Model is ScoreModel) told["modules_to_save"] = new JsonArray("score");
        return told;
    }

    // From the group's folder, or from the one that holds all groups.
    string Located(string path)
    {
        string beside = Path.Combine(c.Group.Folder, path);
        return Path.Exists(beside) ? beside : Path.Combine(GoldenFolder.Root, path);
    }

    /// <summary>Takes all steps, and compares norms, rates and the way that the adapter went.</summary>
    /// <param name="task">What gives losses.</param>
    /// <param name="accumulation">Batches of a step.</param>
    public void Run(ITrainingTask task, int accumulation)
    {
        var expected = c["expected"];
        double[] want = [.. expected.GetProperty("lr").EnumerateArray().Select(rate => rate.GetDouble())];
        double rate = config.GetProperty("learning_rate").GetDouble();
        var betas = config.GetProperty("betas");
        using var optimizer = new FusedAdamW(
            [new([.. Start.Adapter.Trainable], rate)],
            new(betas[0].GetDouble(), betas[1].GetDouble(), config.GetProperty("eps").GetDouble(), config.GetProperty("weight_decay").GetDouble()));
        var curve = config.GetProperty("lr_scheduler_type").GetString() == "linear" ? LinearCurve.Curve : ConstantCurve.Curve;
        var loop = new TrainingLoop(task, optimizer, [new(curve, rate, want.Length)], want.Length, accumulation, config.GetProperty("max_grad_norm").GetDouble());
        var (norms, rates) = (new List<double>(), new List<double>());
        while (!loop.IsFinished)
        {
            norms.Add(loop.Next().GradientNorm);
            rates.Add(optimizer.Groups[0].LearningRate);
        }
        Attachment.AssertUsed();
        c.AssertClose(tensor(rates.ToArray()), tensor(want), "rates", 1e-9, 0);
        c.AssertClose(tensor(norms.ToArray()), Row(expected, "grad_norm"), "gradient norms");
        Start.AssertMove(c, Located(expected.GetProperty("final").GetString()!));
    }

    public static Tensor Row(JsonElement json, string name) => tensor(json.GetProperty(name).EnumerateArray().Select(ObjectiveGoldens.Number).ToArray());

    public void Dispose()
    {
        Attachment.Detach();
        Start.Dispose();
        Model.Dispose();
    }
}
