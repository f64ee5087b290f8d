using Lowrank.Testing;

[assembly: AssemblyFixture(typeof(Goldens.ScoreFixture))]

namespace Goldens;

/// <summary>Writes the score beside the test program when the last case has ended.</summary>
public sealed class ScoreFixture : IDisposable
{
    public void Dispose() => File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "goldens.txt"), GoldenScore.Table() + Environment.NewLine);
}
