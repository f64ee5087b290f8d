namespace Lowrank.Workbench;

/// <summary>An axis as typed: its name, a colon or an equals sign, and its values.</summary>
public static class GridAxisText
{
    /// <summary>Reads "steps: 10,20,30" or "adapter=a.safetensors:0.5,none".</summary>
    /// <param name="text">The text.</param>
    /// <param name="variesSeed">Whether the seed counts up along it.</param>
    /// <exception cref="LowrankException">It has no values, or there is no such axis.</exception>
    public static GridChoice<GeneratingRequest> Read(string text, bool variesSeed = false)
    {
        int at = text.AsSpan().IndexOfAny(':', '=');
        if (at < 1) throw new RequestException($"\"{text}\" is no axis. Write a name, a colon and values, as in \"steps: 10,20,30\".");
        return new(GeneratingAxes.Named(text[..at].Trim()), text[(at + 1)..].Trim(), variesSeed);
    }
}
