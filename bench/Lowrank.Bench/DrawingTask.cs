namespace Lowrank.Bench;

/// <summary>A picture that ours and a peer draw alike.</summary>
/// <param name="Size">Pixels of a side, a multiple of 8.</param>
/// <param name="Steps">Sampling steps, by Euler.</param>
sealed record DrawingTask(int Size, int Steps)
{
    public const string Prompt = "a photo of a red fox in the snow";

    public const double Guidance = 7.5;

    public const long Seed = 1;
}
