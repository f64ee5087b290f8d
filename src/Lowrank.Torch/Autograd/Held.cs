namespace Lowrank.Torch;

/// <summary>Tensors that a custom function keeps from its forward to its backward: handles of its own, freed at a time of its
/// choosing.</summary>
/// <remarks>
/// <c>save_for_backward</c> would keep them until the whole graph goes, and costs one more buffer of the output's size per call. What is
/// given up: a second backward through the same graph, and the check for changes in place. Hold inputs only; holding an output makes a
/// cycle.
/// </remarks>
sealed class Held(params Tensor?[] tensors)
{
    readonly Tensor?[] handles = [.. tensors.Select(t => t?.detach().DetachFromDisposeScope())];

    /// <summary>The tensor at <paramref name="index"/>, without its history.</summary>
    /// <exception cref="LowrankException">It was freed.</exception>
    public Tensor this[int index]
    {
        get
        {
            var handle = handles[index] ?? throw new InvalidOperationException($"nothing is held at {index}");
            if (handle.IsInvalid)
                throw new LowrankException("a second backward through the same graph, whose tensors the first has freed; " +
                    "run the forward pass again, or add the losses up and call backward once");
            return handle;
        }
    }

    /// <summary>Whether a tensor is held there.</summary>
    public bool Has(int index) => handles[index] is not null;

    /// <summary>The tensor there, or null where none is held.</summary>
    public Tensor? Find(int index) => Has(index) ? this[index] : null;

    /// <summary>Whether it has let go.</summary>
    public bool IsFreed { get; private set; }

    /// <summary>Lets go.</summary>
    public void Free()
    {
        IsFreed = true;
        foreach (var handle in handles) handle?.Dispose();
    }
}
