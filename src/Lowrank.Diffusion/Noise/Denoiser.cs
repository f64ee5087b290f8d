using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>A network with the knowledge of what it predicts.</summary>
/// <param name="network">The network's answer to a sample of unit variance at a level.</param>
/// <param name="type">What the answer means.</param>
/// <param name="clip">Clamps the clean estimate to ±clip; null for latents.</param>
public sealed class Denoiser(Func<Tensor, NoiseLevel, NetworkAnswer> network, PredictionType type, double? clip = null)
{
    /// <summary>What holds a part of the picture as it is; null for none.</summary>
    public LatentMixing? Mixing { get; init; }

    /// <summary>Told the level and the clean estimate of every answer that is read; the estimate lives in the step's scope.</summary>
    public Action<NoiseLevel, Tensor>? Watch { get; init; }

    /// <summary>The network's bare answer at <paramref name="level"/>.</summary>
    public Tensor Evaluate(Tensor x, NoiseLevel level) => Ask(x, level).Guided;

    /// <summary>What an answer says about <paramref name="x"/> at <paramref name="level"/>.</summary>
    public Prediction Interpret(Tensor output, Tensor x, NoiseLevel level) => Watched(Read(output, x, level), level);

    Prediction Read(Tensor output, Tensor x, NoiseLevel level)
    {
        var (alpha, sigma) = (level.Alpha, level.Sigma);
        double scale = level.InputScale;
        var prediction = type switch
        {
            PredictionType.Epsilon => new Prediction((x - sigma * output) / alpha, output),
            PredictionType.Sample => new Prediction(output, (x - alpha * output) / sigma),
            // v is stated for a sample of unit variance: x, α and σ are brought there first.
            _ => new Prediction(alpha * scale * scale * x - sigma * scale * output, alpha * scale * output + sigma * scale * scale * x),
        };
        return clip is { } c ? prediction with { Clean = prediction.Clean.clamp(-c, c) } : prediction;
    }

    /// <summary>Asks the network and reads its answer.</summary>
    public Prediction Predict(Tensor x, NoiseLevel level)
    {
        var seen = Seen(x, level);
        return Watched(Mixed(Read(Evaluate(seen, level), seen, level), x, level), level);
    }

    /// <summary>The same, with the clean estimate of the negative prompt alone; the guided one where none was asked.</summary>
    public (Prediction Guided, Tensor Unguided) PredictBoth(Tensor x, NoiseLevel level)
    {
        var seen = Seen(x, level);
        var answer = Ask(seen, level);
        var guided = Watched(Mixed(Read(answer.Guided, seen, level), x, level), level);
        return (guided, answer.Negative is { } negative ? Read(negative, seen, level).Clean : guided.Clean);
    }

    Tensor Seen(Tensor x, NoiseLevel level) => Mixing?.Before(x, level) ?? x;

    // The noise is what is left of the sampler's own sample when the mixed estimate is taken from it.
    Prediction Mixed(Prediction prediction, Tensor x, NoiseLevel level)
    {
        if (Mixing is null) return prediction;
        var clean = Mixing.OfClean(prediction.Clean, level);
        return new Prediction(clean, (x - level.Alpha * clean) / level.Sigma);
    }

    Prediction Watched(Prediction prediction, NoiseLevel level)
    {
        Watch?.Invoke(level, prediction.Clean);
        return prediction;
    }

    NetworkAnswer Ask(Tensor x, NoiseLevel level) => network((Mixing?.Shown(x, level) ?? x) * level.InputScale, level);
}
