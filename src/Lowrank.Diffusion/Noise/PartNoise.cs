namespace Lowrank.Diffusion;

/// <summary>The noise of some pictures of a batch, which is drawn for all of them.</summary>
/// <param name="whole">The noise of the whole batch; disposed of with this.</param>
/// <param name="numbers">The pictures' numbers in it, from 0.</param>
public sealed class PartNoise(IBatchNoise whole, IReadOnlyList<int> numbers) : IBatchNoise
{
    /// <inheritdoc/>
    public Tensor First() => Part(whole.First);

    /// <inheritdoc/>
    public Tensor Draw(NoiseLevel from, NoiseLevel to) => Part(() => whole.Draw(from, to));

    /// <inheritdoc/>
    public INoise Brownian(IEnumerable<double> sigmas) => new OfWalk(this, whole.Brownian(sigmas));

    /// <inheritdoc/>
    public void Dispose() => whole.Dispose();

    Tensor Part(Func<Tensor> draw)
    {
        using var scope = NewDisposeScope();
        var drawn = draw();
        var rows = tensor(numbers.Select(number => (long)number).ToArray(), device: drawn.device);
        return scope.MoveToOuter(drawn.index_select(0, rows));
    }

    sealed class OfWalk(PartNoise part, INoise whole) : INoise
    {
        public Tensor Draw(NoiseLevel from, NoiseLevel to) => part.Part(() => whole.Draw(from, to));
    }
}
