namespace Lowrank.Graphs;

/// <summary>Pictures with and without alpha beside each other.</summary>
static class Channels
{
    /// <summary>Two pictures with as many channels: the second loses its alpha, or the first gets an opaque one.</summary>
    public static (Tensor First, Tensor Second) Aligned(Tensor first, Tensor second)
    {
        long channels = first.shape[3], others = second.shape[3];
        if (channels < others) return (first, second.narrow(3, 0, channels));
        return channels == others ? (first, second) : (cat([first, ones_like(first.narrow(3, 0, 1))], 3), second);
    }
}
