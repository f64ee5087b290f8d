namespace Lowrank.Diffusion;

/// <summary>
/// AUTOMATIC1111's guidance, which can leave the negative prompt out of early evaluations, and of every other one at little noise. For one
/// run: it counts its evaluations.
/// </summary>
/// <param name="scale">Strength; 1 is the answer to the prompt.</param>
/// <param name="evaluations">Evaluations of the run, as the web UI expects them: twice the steps of samplers that ask twice.</param>
/// <remarks>stable-diffusion-webui v1.10.1, modules/sd_samplers_cfg_denoiser.py.</remarks>
public sealed class WebUiGuidance(double scale, int evaluations) : Guider
{
    int asked;

    /// <summary>"Ignore negative prompt during early sampling": share of the evaluations without it; 0 for none.</summary>
    public double SkipEarly { get; init; }

    /// <summary>"Negative guidance minimum sigma": below this σ every other evaluation goes without it; 0 for none.</summary>
    public double MinSigma { get; init; }

    /// <summary>Whether all of those go without it.</summary>
    public bool MinSigmaInAll { get; init; }

    /// <summary>Whether timesteps are compared with the minimum σ, as happens with DDIM, PLMS and UniPC.</summary>
    public bool ComparesTimesteps { get; init; }

    /// <summary>Share in which guided answers are brought back to the prompt's own contrast, which an extension does, 0 to 1.</summary>
    public double Rescale { get; init; }

    /// <summary>Whether any went without it early.</summary>
    public bool HasSkippedEarly { get; private set; }

    /// <summary>Whether any went without it for little noise.</summary>
    public bool HasSkippedLate { get; private set; }

    /// <inheritdoc/>
    public override bool AsksNegative => true;

    /// <inheritdoc/>
    public override NetworkAnswer Answer(Func<Tensor, NetworkCondition, Tensor> ask, Tensor x, NoiseLevel level, PromptConditions told)
    {
        if (!Skips(level)) return new ClassifierFreeGuidance(scale, Rescale).Answer(ask, x, level, told);
        using var scope = NewDisposeScope();
        var all = told.Uncut;
        var parts = ask(all.RowsOf(x), all.Positive);
        var first = all.FirstOf(parts);
        return new(scope.MoveToOuter(all.Compose(first, parts).alias()), scope.MoveToOuter(first.alias()));
    }

    bool Skips(NoiseLevel level)
    {
        int number = asked++;
        bool isEarly = SkipEarly != 0 && number / (double)evaluations <= SkipEarly;
        double sigma = ComparesTimesteps ? level.Timestep : level.Ratio;
        bool isLate = !isEarly && MinSigma > 0 && sigma < MinSigma && (number % 2 == 1 || MinSigmaInAll);
        HasSkippedEarly |= isEarly;
        HasSkippedLate |= isLate;
        return isEarly || isLate;
    }
}
