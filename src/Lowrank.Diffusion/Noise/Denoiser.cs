using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>A network with the knowledge of what it predicts.</summary>
/// <param name="network">The network's answer to a sample of unit variance at a level.</param>
/// <param name="type">What the answer means.</param>
/// <param name="clip">Clamps the clean estimate to ±clip; null for latents.</param>
public sealed class Denoiser(Func<Tensor, NoiseLevel, NetworkAnswer> network, PredictionType type, double? clip = null)
{
    /// <summary>The network's bare answer at <paramref name="level"/>.</summary>
    public Tensor Evaluate(Tensor x, NoiseLevel level) => Ask(x, level).Guided;

    /// <summary>What an answer says about <paramref name="x"/> at <paramref name="level"/>.</summary>
    public Prediction Interpret(Tensor output, Tensor x, NoiseLevel level)
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
    public Prediction Predict(Tensor x, NoiseLevel level) => Interpret(Evaluate(x, level), x, level);

    /// <summary>The same, with the clean estimate of the negative prompt alone; the guided one where none was asked.</summary>
    public (Prediction Guided, Tensor Unguided) PredictBoth(Tensor x, NoiseLevel level)
    {
        var answer = Ask(x, level);
        var guided = Interpret(answer.Guided, x, level);
        return (guided, answer.Negative is { } negative ? Interpret(negative, x, level).Clean : guided.Clean);
    }

    NetworkAnswer Ask(Tensor x, NoiseLevel level) => network(x * level.InputScale, level);
}
