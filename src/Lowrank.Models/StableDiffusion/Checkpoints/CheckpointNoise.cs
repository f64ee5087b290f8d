using System.Text.RegularExpressions;

namespace Lowrank.Models;

/// <summary>How a checkpoint's model was noised and what it predicts: from what the file says, or by a guess that is said.</summary>
static partial class CheckpointNoise
{
    // Empty tensors whose names say how the model was trained; trainers of XL write them, and no other key is called so.
    internal const string VelocityMark = "v_pred", ZeroMark = "ztsnr";
    const int Levels = 1000;
    // Global step at which the 512-pixel base of SD 2 was published, which predicts noise.
    const double StepOfSecondBase = 875000;
    // Above this deviation the bias belongs to a model that predicts v (seen by ComfyUI on the published ones).
    const double DeviationOfVelocity = 0.09;
    const string TellingBias = CheckpointKind.UNetPrefix + "output_blocks.11.1.transformer_blocks.0.norm1.bias";

    /// <summary>The settings of the published models of the family, with the prediction found.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="asked">The prediction where it is known; null finds out.</param>
    /// <param name="note">A sentence where it was guessed.</param>
    internal static SchedulerConfig Find(ITensorFile file, CheckpointKind kind, PredictionType? asked, out string? note)
    {
        var (prediction, guess) = asked is { } known ? (known, null) : Prediction(file, kind);
        note = guess;
        bool zero = Holds(file, ZeroMark);
        return Published(kind.Family) with
        {
            // Those of XL's β before they were rescaled may lie there still: the mark tells what was trained.
            StoredAlphas = zero ? null : Stored(file),
            Prediction = prediction,
            RescaleBetasZeroSnr = zero,
            Spacing = zero ? TimestepSpacing.Trailing : TimestepSpacing.Leading,
        };
    }

    static double[]? Stored(ITensorFile file)
    {
        const string key = "alphas_cumprod";
        var facts = file.Tensors.FirstOrDefault(tensor => tensor.Name == key);
        if (facts is not { Shape: [Levels] }) return null;
        using var scope = NewDisposeScope();
        return file.Read(key).to(ScalarType.Float64).data<double>().ToArray();
    }

    static SchedulerConfig Published(string family) => family switch
    {
        "sd1" => new() { ClassName = "PNDMScheduler", SkipPrkSteps = true },
        "sd2" => new() { ClassName = "DDIMScheduler" },
        _ => new() { ClassName = "EulerDiscreteScheduler" },
    };

    static (PredictionType, string? Guess) Prediction(ITensorFile file, CheckpointKind kind)
    {
        if (file.Metadata.TryGetValue("modelspec.prediction_type", out string? said))
            return (said.StartsWith('v') ? PredictionType.Velocity : PredictionType.Epsilon, null);
        // The web UI's way to say it: a settings file beside the checkpoint.
        string beside = Path.ChangeExtension(file.Path, ".yaml");
        FileKind.RequireRegular(beside);
        if (File.Exists(beside)) return (Velocity(VelocityInYaml().IsMatch(File.ReadAllText(beside))), null);
        if (Holds(file, VelocityMark)) return (PredictionType.Velocity, null);
        if (kind.Family != "sd2") return (PredictionType.Epsilon, null);
        if (IsSecondBase(file)) return (PredictionType.Epsilon, null);
        if (!Holds(file, TellingBias))
            return (PredictionType.Velocity, $"What the network predicts was guessed to be v, as most of SD 2. {Cure}");
        using var scope = NewDisposeScope();
        bool velocity = file.Read(TellingBias).to(ScalarType.Float32).std().item<float>() > DeviationOfVelocity;
        return velocity
            ? (PredictionType.Velocity, $"What the network predicts was guessed from its weights to be v, as SD 2.1 at 768 pixels. {Cure}")
            : (PredictionType.Epsilon,
                $"What the network predicts was guessed from its weights to be the noise, as SD 2 base at 512 pixels. {Cure}");
    }

    static PredictionType Velocity(bool said) => said ? PredictionType.Velocity : PredictionType.Epsilon;

    static bool IsSecondBase(ITensorFile file)
    {
        if (file.Metadata.GetValueOrDefault("global_step") == $"{PlainValue.Text(StepOfSecondBase)}") return true;
        return Holds(file, "global_step") && file.ReadScalar("global_step") == StepOfSecondBase;
    }

    const string Cure = "If pictures are noise, put a .yaml beside the file that says parameterization: \"v\" (or \"eps\").";

    static bool Holds(ITensorFile file, string name) => file.Tensors.Any(tensor => tensor.Name == name);

    [GeneratedRegex(@"^\s*parameterization:\s*[""']?v[""']?\s*(#.*)?$", RegexOptions.Multiline)]
    private static partial Regex VelocityInYaml();
}
