using System.Reflection;
using System.Text.Json;

namespace Lowrank.Workbench;

/// <summary>Versions of Lowrank and of what it stands on; reading them loads no libtorch.</summary>
public static class Versions
{
    /// <summary>Lowrank's.</summary>
    public static string Lowrank => VersionOf(typeof(Versions).Assembly);

    /// <summary>TorchSharp's.</summary>
    public static string TorchSharp => VersionOf(Assembly.Load("TorchSharp"));

    /// <summary>libtorch's package and version, as the program was built with it: "libtorch-cpu-linux-x64 2.10.0".</summary>
    public static string LibTorch => DependencyFiles().Where(File.Exists).Select(LibTorchIn).OfType<string>().FirstOrDefault() ?? "unknown";

    // The runtime knows the lists (NAME.deps.json) of the program that it runs.
    static string[] DependencyFiles() => (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "").Split(';');

    static string? LibTorchIn(string list)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(list));
        var names = json.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name);
        return names.FirstOrDefault(name => name.StartsWith("libtorch-", StringComparison.Ordinal))?.Replace('/', ' ');
    }

    static string VersionOf(Assembly assembly)
    {
        var told = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return (told ?? assembly.GetName().Version?.ToString() ?? "unknown").Split('+')[0];   // the SDK adds the commit after a plus sign
    }
}
