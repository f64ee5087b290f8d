using System.Text.RegularExpressions;

namespace Lowrank.Packaging.Tests;

/// <summary>A project outside the repository that references ours as projects is cured by the line that the refusal names.</summary>
public sealed partial class CureOfReferencedProjectsTests : IDisposable
{
    const string ItRan = "it ran";

    readonly string folder = Directory.CreateTempSubdirectory("lowrank-projects-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void WithoutTheLineItIsRefusedAndWithItItRuns()
    {
        File.WriteAllText(Path.Combine(folder, "Program.cs"), $$"""
            using TorchSharp;
            Lowrank.Torch.EngineCure.Require();   // what the first model and the first optimizer ask; an uncured native library may not even load
            using var weight = torch.ones(2, device: torch.CPU).requires_grad_();
            using var optimizer = new Lowrank.FusedAdamW([weight], 0.1);
            Console.WriteLine("{{ItRan}}");
            """);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /></packageSources>
              <fallbackPackageFolders>{string.Concat(ThisBuild.PackageFolders.Select((path, i) => $"""<add key="cache{i}" value="{path}" />"""))}</fallbackPackageFolders>
            </configuration>
            """);
        var (code, said) = Ran("");
        Assert.NotEqual(0, code);
        Assert.Contains("TorchSharp.dll is not the cured copy", said);
        string line = ImportLine().Match(said).Value;
        Assert.NotEmpty(line);

        (code, said) = Ran(line.Replace("LOWRANK/", GoldenFolder.Repository + "/", StringComparison.Ordinal));
        Assert.True(code == 0, said);
        Assert.Contains(ItRan, said);
    }

    (int Code, string Said) Ran(string line)
    {
        File.WriteAllText(Path.Combine(folder, "Outside.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="{Path.Combine(GoldenFolder.Repository, "src", "Lowrank.Torch", "Lowrank.Torch.csproj")}" />
                <PackageReference Include="{ThisBuild.Engine}" Version="{ThisBuild.VersionOf(ThisBuild.Engine)}" />
              </ItemGroup>
              {line}
            </Project>
            """);
        Dotnet.Run(folder, "build", "-c", ThisBuild.Configuration, "-v", "q", "-nologo", "-p:BuildProjectReferences=false");
        return Dotnet.Try(folder, Path.Combine("bin", ThisBuild.Configuration, "net10.0", "Outside.dll"));
    }

    [GeneratedRegex("<Import Project=\"[^\"]*\" />")]
    private static partial Regex ImportLine();
}
