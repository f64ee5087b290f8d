using System.Reflection;
using System.Xml.Linq;

namespace Lowrank.Packaging.Tests;

/// <summary>What the project file told of the build that made these tests.</summary>
static class ThisBuild
{
    /// <summary>"Release" or "Debug".</summary>
    public static string Configuration => Said("Configuration");

    /// <summary>The package with libtorch for this machine.</summary>
    public static string Engine => Said("Engine");

    /// <summary>Where NuGet has laid out the packages that this build uses, the first of them the machine's cache.</summary>
    public static IReadOnlyList<string> PackageFolders => Said("PackageFolders").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The version of a package that the repository uses.</summary>
    public static string VersionOf(string package) =>
        XDocument.Load(Path.Combine(GoldenFolder.Repository, "Directory.Packages.props")).Descendants("PackageVersion")
            .Single(p => p.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

    static string Said(string key) => typeof(ThisBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
