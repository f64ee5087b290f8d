using System.Globalization;
using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>Colours of 24 bits, as terminals are told them.</summary>
static class TrueColour
{
    /// <summary>The parameters that select a colour.</summary>
    /// <param name="what">38 for text, 48 for its ground.</param>
    /// <param name="colour">The colour.</param>
    public static string Select(int what, Colour colour) =>
        string.Create(CultureInfo.InvariantCulture, $"{what};2;{colour.Red};{colour.Green};{colour.Blue}");
}
