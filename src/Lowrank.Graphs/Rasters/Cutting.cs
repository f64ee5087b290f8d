namespace Lowrank.Graphs;

/// <summary>Stretches of tensors that may reach beyond them, as Python's slices may.</summary>
static class Cutting
{
    /// <summary>A view of x from one place of an axis to before another, as far as they lie in it; empty where none does.</summary>
    public static Tensor Cut(this Tensor x, int axis, long from, long to)
    {
        long size = x.shape[axis];
        long first = Math.Clamp(from, 0, size), last = Math.Clamp(to, first, size);
        return x.narrow(axis, first, last - first);
    }
}
