namespace Lowrank.Bench;

/// <summary>A picture that ours and a peer draw alike.</summary>
/// <param name="Size">Pixels of a side, a multiple of 8.</param>
/// <param name="Steps">Sampling steps, by Euler.</param>
sealed record DrawingTask(int Size, int Steps)
{
    public string Prompt => "a photo of a red fox in the snow";

    public double Guidance => 7.5;

    public long Seed => 1;
}
