namespace Lowrank.Packaging.Tests;

/// <summary>The packages of this build, and a project made with them, in a folder outside the repository that goes with the tests.</summary>
/// <remarks>
/// Each run has a version of its own and unpacks it into its own folder, so that no package of an earlier run is taken and the machine's cache stays as it was.
/// Packages of other people come from that cache, as a fallback folder; what it lacks, from the sources that the machine has.
/// </remarks>
public sealed class PackedRepository : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("lowrank-packages-").FullName;

    /// <summary>Packs, then builds and publishes the project.</summary>
    public PackedRepository()
    {
        try
        {
            Dotnet.Run(GoldenFolder.Repository, "pack", "Lowrank.slnx", "-c", ThisBuild.Configuration, "--no-build", "-v", "q", "-nologo",
                $"-p:PackageVersion={Version}", "-o", Feed);
            Write("nuget.config", $"""
                <configuration>
                  <config><add key="globalPackagesFolder" value="packages" /></config>
                  <packageSources><add key="packed" value="feed" /></packageSources>
                  <fallbackPackageFolders>{string.Concat(ThisBuild.PackageFolders.Select((path, i) => $"""<add key="cache{i}" value="{path}" />"""))}</fallbackPackageFolders>
                </configuration>
                """);
            Directory.CreateDirectory(Project);
            Write("consumer/Consumer.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="Lowrank.Adapters" Version="{Version}" />
                    <PackageReference Include="{ThisBuild.Engine}" Version="{ThisBuild.VersionOf(ThisBuild.Engine)}" />
                  </ItemGroup>
                </Project>
                """);
            foreach (string source in Directory.GetFiles(Path.GetDirectoryName(Program)!, "*.cs"))
                File.Copy(source, Path.Combine(Project, Path.GetFileName(source)));
            // Links, because 490 MB of natives would be copied twice; a source that cannot be reached matters only if something is missing.
            Dotnet.Run(Project, ["publish", "-c", "Release", "-v", "q", "-nologo", "-p:NuGetAudit=false", "-p:RestoreIgnoreFailedSources=true", "-warnaserror",
                .. from kind in new[] { "HardLinks", "SymbolicLinks" } from what in new[] { "CopyLocal", "PublishFiles" } select $"-p:Create{kind}For{what}IfPossible=true"]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The version that this run gave its packages.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    /// <summary>Where the packed files lie.</summary>
    public string Feed => Path.Combine(folder, "feed");

    /// <summary>The project's folder.</summary>
    public string Project => Path.Combine(folder, "consumer");

    /// <summary>Where the project's build put its files.</summary>
    public string Built => Path.Combine(Project, "bin", "Release", "net10.0");

    /// <summary>Where its publishing put them.</summary>
    public string Published => Path.Combine(Built, "publish");

    /// <summary>The source of the project's program.</summary>
    public static string Program => Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Packaging.Tests", "Consumer", "Program.cs");

    /// <summary>Deletes all of it.</summary>
    public void Dispose() => Directory.Delete(folder, recursive: true);

    void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
}
