namespace Lowrank.Diffusion;

/// <summary>Asks the network about a sample, once or several times, and makes one answer of what it says.</summary>
public abstract class Guider
{
    /// <summary>Whether it asks about negative prompts too, which then must be encoded.</summary>
    public abstract bool AsksNegative { get; }

    /// <summary>
    /// The usual one: <see cref="ClassifierFreeGuidance"/>; at a scale of 1 or less, where that would change nothing,
    /// <see cref="PromptAlone"/>.
    /// </summary>
    /// <param name="scale">How strongly the prompt is followed.</param>
    /// <param name="rescale">Share in which the answer is brought back to the prompt's own contrast, 0 to 1.</param>
    /// <param name="asksNegative">Whether somebody wants the negative answer at any scale.</param>
    public static Guider Usual(double scale, double rescale, bool asksNegative = false) =>
        scale > 1 || asksNegative ? new ClassifierFreeGuidance(scale, rescale) : new PromptAlone();

    /// <summary>The answer.</summary>
    /// <param name="ask">Asks the network about samples under a condition of as many rows; the answer is float32.</param>
    /// <param name="x">The samples (B, C, H, W), of unit variance.</param>
    /// <param name="level">Their level.</param>
    /// <param name="told">What the network is told in this step.</param>
    public abstract NetworkAnswer Answer(Func<Tensor, NetworkCondition, Tensor> ask, Tensor x, NoiseLevel level, PromptConditions told);
}
