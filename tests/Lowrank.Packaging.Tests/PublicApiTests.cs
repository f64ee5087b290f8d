using System.Reflection;
using PublicApiGenerator;

namespace Lowrank.Packaging.Tests;

/// <summary>What the packages offer is what was reviewed: the files in PublicApi/. A change shows in the difference that is reviewed with it.</summary>
public class PublicApiTests
{
    const string Accept = "LOWRANK_ACCEPT_API";

    static readonly string reviewed = Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Packaging.Tests", "PublicApi");

    [Theory, InlineData("Lowrank.Torch"), InlineData("Lowrank.Formats"), InlineData("Lowrank.Adapters")]
    public void ThePublicApiIsTheReviewedOne(string package)
    {
        string path = Path.Combine(reviewed, package + ".txt"), receivedPath = Path.Combine(reviewed, package + ".received.txt");
        string received = Assembly.Load(package).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        string known = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        File.Delete(receivedPath);
        if (received == known) return;

        bool accept = Environment.GetEnvironmentVariable(Accept) == "1";
        File.WriteAllText(accept ? path : receivedPath, received);
        if (!accept)
            Assert.Fail($"""
                The public API of {package} is not the reviewed one:
                {LineDifference.Between(known, received)}
                If this is meant, accept it with the change: {Accept}=1 ./test {nameof(ThePublicApiIsTheReviewedOne)} (or move {receivedPath} to {Path.GetFileName(path)}).
                """);
    }
}
