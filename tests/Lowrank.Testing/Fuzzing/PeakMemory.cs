using System.Globalization;

namespace Lowrank.Testing.Fuzzing;

/// <summary>The most memory that this process held at once, libtorch's included, where the system tells it.</summary>
static class PeakMemory
{
    const string Peak = "VmHWM:", Reset = "5", ResetFile = "/proc/self/clear_refs";   // as of proc(5)

    static readonly Lazy<bool> isTold = new(() =>
    {
        try
        {
            File.WriteAllText(ResetFile, Reset);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;   // another system, or a container that keeps it
        }
    });

    /// <summary>Begins anew; gives the bytes that are held now.</summary>
    public static long Begin()
    {
        if (isTold.Value) File.WriteAllText(ResetFile, Reset);
        return Bytes;
    }

    /// <summary>The most bytes that were held since <see cref="Begin"/>; 0 where nobody tells.</summary>
    public static long Bytes => !isTold.Value ? 0
        : 1024 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(Peak, StringComparison.Ordinal))[Peak.Length..].TrimEnd('k', 'B'), CultureInfo.InvariantCulture);
}
