namespace Lowrank.Torch;

/// <summary>Tensors that a custom function keeps from its forward to its backward: handles of its own, freed at a time of its
/// choosing.</summary>
/// <remarks>
/// <c>save_for_backward</c> would keep them until the whole graph goes, and costs one more buffer of the output's size per call. What is
/// given up: a second backward through the same graph, and, where it is not asked for, the check for changes in place. Hold inputs only;
/// holding an output makes a cycle.
/// </remarks>
sealed class Held(params Tensor?[] tensors)
{
    readonly Tensor?[] handles = [.. tensors.Select(t => t?.detach().DetachFromDisposeScope())];
    readonly long?[] versions = new long?[tensors.Length];

    /// <summary>Looks whether the first so many are changed in place meanwhile, as libtorch does for what it saves: 10 µs each.</summary>
    public Held Watching(int count)
    {
        for (int i = 0; i < count; i++) versions[i] = handles[i]?.Version();
        return this;
    }

    /// <summary>The tensor at <paramref name="index"/>, without its history.</summary>
    /// <exception cref="LowrankException">It was freed, or is watched and was changed in place.</exception>
    public Tensor this[int index]
    {
        get
        {
            var handle = handles[index] ?? throw new InvalidOperationException($"nothing is held at {index}");
            if (handle.IsInvalid)
                throw new LowrankException("a second backward through the same graph, whose tensors the first has freed; " +
                    "run the forward pass again, or add the losses up and call backward once");
            if (versions[index] is { } version && handle.Version() != version)
                throw new LowrankException("what a layer was given was changed in place between its forward and its backward pass, which " +
                    "needs it as it was; write h = h + y for h.add_(y), or change a clone");
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
