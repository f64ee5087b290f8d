using System.Text.RegularExpressions;
using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>A kind of base or adapter that was distilled to draw in few steps, with the settings that its authors draw with.</summary>
/// <param name="Name">What it is called: "SDXL-Lightning".</param>
/// <param name="Pattern">Finds it in a file's name or title.</param>
/// <param name="Sampler">Name of its sampler in <see cref="Samplers.All"/>.</param>
/// <param name="Schedule">Name of its schedule in <see cref="Schedules.All"/>.</param>
/// <param name="Steps">Fewest, usual and most steps; a number in the name ("4step") comes before the usual one.</param>
/// <param name="GuidanceScale">1 is no guidance, which most of them have within them.</param>
public sealed record DistilledKind(
    string Name, Regex Pattern, string Sampler, string Schedule, (int Fewest, int Usual, int Most) Steps, double GuidanceScale)
{
    /// <summary>Share of fresh noise, where it is another than the sampler's own.</summary>
    public double? Eta { get; init; }

    /// <summary>What the network predicts, where it is another than before the distillation.</summary>
    public PredictionType? Prediction { get; init; }
}
