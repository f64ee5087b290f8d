namespace Lowrank.Diffusion;

/// <summary>Asks the network about a sample, once or several times, and makes one answer of what it says.</summary>
public abstract class Guider
{
    /// <summary>Whether it asks about negative prompts too, which then must be encoded.</summary>
    public abstract bool AsksNegative { get; }

    /// <summary>The answer.</summary>
    /// <param name="ask">Asks the network about samples under a condition of as many rows; the answer is float32.</param>
    /// <param name="x">The samples (B, C, H, W), of unit variance.</param>
    /// <param name="level">Their level.</param>
    /// <param name="told">What the network is told in this step.</param>
    public abstract Tensor Answer(Func<Tensor, NetworkCondition, Tensor> ask, Tensor x, NoiseLevel level, PromptConditions told);
}
