using System.Text.Json;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>What a training run of the goldens is asked for. Anything it is asked for that is not known here makes the case not covered.</summary>
sealed record TrajectoryConfig
{
    static readonly string[] known =
    [
        "adapter", "rank", "alpha", "unet_targets", "text_targets", "text_encoder_lr", "steps", "batch", "options", "linear_dim", "linear_alpha", "algo", "conv_dim", "conv_alpha", "use_tucker", "factor", "dora_wd",
        "target_modules", "names",
    ];

    static readonly string[] knownOptions =
    [
        "lr", "max_grad_norm", "optimizer", "betas", "weight_decay", "eps", "lr_scheduler", "warmup", "accumulation", "checkpointing", "autocast", "prediction", "snr_gamma", "ztsnr",
    ];

    public bool Lycoris { get; init; }
    public double? Alpha { get; init; }
    public int Batches { get; init; }
    public int Accumulation { get; init; }
    public double MaxGradientNorm { get; init; }
    public bool Checkpointing { get; init; }
    public ScalarType Compute { get; init; }
    public PredictionType Prediction { get; init; }
    public double? MinSnrGamma { get; init; }
    public bool ZeroTerminalSnr { get; init; }
    public AdamWOptions Optimizer { get; init; } = new();
    public LearningRateCurve Curve { get; init; } = ConstantCurve.Curve;
    public int Warmup { get; init; }
    public IReadOnlyList<(string Component, double Rate)> Rates { get; init; } = [];

    public static TrajectoryConfig Of(GoldenCase c)
    {
        var config = c["config"];
        var options = config.GetProperty("options");
        foreach (var name in config.EnumerateObject().Select(p => p.Name).Except(known).Concat(options.EnumerateObject().Select(p => p.Name).Except(knownOptions)))
            throw Golden.NotCovered($"the option {name}");
        var adapter = config.GetProperty("adapter").GetString()!;
        if (adapter is not ("peft LoRA" or "peft DoRA") && !adapter.StartsWith("lycoris ", StringComparison.Ordinal)) throw Golden.NotCovered(adapter);
        if (options.GetProperty("optimizer").GetString() is var optimizer && optimizer != "torch.AdamW") throw Golden.NotCovered(optimizer!);
        var rates = new List<(string, double)> { ("unet", options.GetProperty("lr").GetDouble()) };
        if (config.TryGetProperty("text_encoder_lr", out var textRate)) rates.Add(("text_encoder", textRate.GetDouble()));
        var betas = options.GetProperty("betas");
        return new()
        {
            Lycoris = adapter.StartsWith("lycoris", StringComparison.Ordinal),
            Alpha = config.TryGetProperty("alpha", out var alpha) ? alpha.GetDouble() : null,
            Batches = config.GetProperty("steps").GetInt32(),
            Accumulation = options.TryGetProperty("accumulation", out var accumulation) ? accumulation.GetInt32() : 1,
            MaxGradientNorm = options.GetProperty("max_grad_norm").GetDouble(),
            Checkpointing = options.TryGetProperty("checkpointing", out var checkpointing) && checkpointing.GetBoolean(),
            Compute = Text(options, "autocast") switch
            {
                null => ScalarType.Float32,
                "bfloat16" => ScalarType.BFloat16,
                var other => throw Golden.NotCovered($"computing in {other}"),
            },
            Prediction = Text(options, "prediction") switch
            {
                null or "epsilon" => PredictionType.Epsilon,
                "v_prediction" => PredictionType.Velocity,
                var other => throw Golden.NotCovered($"the prediction {other}"),
            },
            MinSnrGamma = options.TryGetProperty("snr_gamma", out var gamma) ? gamma.GetDouble() : null,
            ZeroTerminalSnr = options.TryGetProperty("ztsnr", out var terminal) && terminal.GetBoolean(),
            Optimizer = new(betas[0].GetDouble(), betas[1].GetDouble(), options.GetProperty("eps").GetDouble(), options.GetProperty("weight_decay").GetDouble()),
            Curve = options.GetProperty("lr_scheduler").GetString() switch
            {
                "constant" or "constant_with_warmup" => ConstantCurve.Curve,
                "linear" => LinearCurve.Curve,
                "cosine" => CosineCurve.Of(),
                "cosine_with_restarts" => RestartsCurve.Of(),
                "polynomial" => PolynomialCurve.Of(),
                var other => throw Golden.NotCovered($"the schedule {other}"),
            },
            Warmup = options.TryGetProperty("warmup", out var warmup) ? warmup.GetInt32() : 0,
            Rates = rates,
        };
    }

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
