namespace Lowrank.Diffusion;

/// <summary>
/// Heun++: the directions at the next levels count less the lower they lie (ComfyUI's heunpp2, from
/// github.com/Carzit/sd-webui-samplers-scheduler). Three evaluations a step, two in the last but one, one in the last.
/// </summary>
public sealed class HeunPpSampler : RatioSampler
{
    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        double length = step.To - step.From, highest = step.Plan.Steps[0].From.Ratio;
        var first = step.Direction(step.Clean());
        var trial = step.Y + first * length;
        if (step.Remaining == 0) return trial;
        var second = (trial - step.CleanAt(trial, step.To)) / step.To;
        if (step.Remaining == 1)
        {
            double share = step.To / (2 * highest);
            return step.Y + ((1 - share) * first + share * second) * length;
        }
        double after = step.Plan.Steps[step.Number + 1].To.Ratio;
        var further = trial + second * (after - step.To);
        var third = (further - step.CleanAt(further, after)) / after;
        double share2 = step.To / (3 * highest), share3 = after / (3 * highest);
        return step.Y + ((1 - share2 - share3) * first + share2 * second + share3 * third) * length;
    }
}
