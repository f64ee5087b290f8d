namespace Lowrank.Adapters;

/// <summary>Whether what this thread computes is a layer in training mode: only there does chance leave anything out.</summary>
/// <remarks>Hosts set it for the length of an answer, from the layer itself; merging sets it to evaluation.</remarks>
static class LayerMode
{
    [ThreadStatic] static bool evaluates;

    /// <summary>The mode; training where nobody has said.</summary>
    public static bool IsTraining => !evaluates;

    /// <summary>Sets the mode until the block ends.</summary>
    public static Block Of(bool training)
    {
        var block = new Block(evaluates);
        evaluates = !training;
        return block;
    }

    /// <summary>A block in a mode.</summary>
    public readonly struct Block(bool before) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => evaluates = before;
    }
}
