namespace Lowrank.Diffusion;

/// <summary>Pictures that are shown before they are finished.</summary>
/// <param name="Every">Steps from one to the next, from 1.</param>
/// <param name="Sketch">How they are drawn; the caller's.</param>
/// <param name="Show">Told the steps done and the pictures of the batch at work, as the network would have them now.</param>
public sealed record PicturePreview(int Every, LatentSketch Sketch, Action<int, IReadOnlyList<Picture>> Show)
{
    /// <summary>What looks at clean estimates (B, C, H, W) in a walk: at the first of each step that is to be shown.</summary>
    /// <param name="steps">Steps of the walk.</param>
    public Action<int, NoiseLevel, Tensor> Watch(int steps)
    {
        int seen = -1;
        return (step, _, clean) =>
        {
            bool isNew = step != seen;
            seen = step;
            bool isShown = isNew && (step + 1) % Every == 0 && step + 1 < steps;   // the last is shown finished
            if (isShown) Show(step + 1, [.. Enumerable.Range(0, (int)clean.shape[0]).Select(i => Sketch.Draw(clean[i]))]);
        };
    }
}
