using System.Reflection;
using System.Text.Json;

namespace Lowrank.Cli;

/// <summary>Versions of the program and of what it stands on; reading them loads no libtorch.</summary>
static class Versions
{
    /// <summary>This program's.</summary>
    public static string Lowrank => Informational(typeof(Versions).Assembly);

    /// <summary>TorchSharp's.</summary>
    public static string TorchSharp => Informational(Assembly.Load("TorchSharp"));

    /// <summary>libtorch's package and version, from the list of what the program was built with: "libtorch-cpu-linux-x64 2.10.0".</summary>
    public static string LibTorch
    {
        get
        {
            var list = Path.Combine(AppContext.BaseDirectory, "lowrank.deps.json");
            if (!File.Exists(list)) return "unknown";
            using var json = JsonDocument.Parse(File.ReadAllBytes(list));
            return json.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name)
                .FirstOrDefault(name => name.StartsWith("libtorch-", StringComparison.Ordinal))?.Replace('/', ' ') ?? "unknown";
        }
    }

    // Without the commit that the SDK adds after a plus sign.
    static string Informational(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "unknown").Split('+')[0];
}
