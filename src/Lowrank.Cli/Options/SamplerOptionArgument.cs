using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>Reads "eta=0.5", an option of a sampler.</summary>
static class SamplerOptionArgument
{
    /// <summary>The text, or what is wrong with it.</summary>
    public static (string? Text, string? Fault) Parse(string text)
    {
        try
        {
            _ = SamplerOptionNames.Read([text]);
            return (text, null);
        }
        catch (LowrankException error)
        {
            return (null, $"--sampler-option: {error.Message}");
        }
    }
}
