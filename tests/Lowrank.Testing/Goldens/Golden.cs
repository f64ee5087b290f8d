using static TorchSharp.torch;

namespace Lowrank.Testing;

/// <summary>Runs golden cases and keeps the score that is printed at the end.</summary>
/// <example><code>
/// public static IEnumerable&lt;string&gt; Cases => Golden.Cases("diffusion/unet");
///
/// [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
/// public void Unet(string name) => Golden.Run("diffusion/unet", name, c => c.AssertClose(..., c.Expected("output"), "output"));
/// </code></example>
public static class Golden
{
    /// <summary>One row a case of the group; none if the golden folder lacks the group.</summary>
    public static IEnumerable<Xunit.TheoryDataRow<string>> Cases(string group) =>
        GoldenFolder.Groups.Contains(group) ? GoldenGroup.Open(group).Cases.Select(c => new Xunit.TheoryDataRow<string>(c.Name)) : [];

    /// <summary>Runs one case inside a scope. <see cref="NotCovered"/> marks one that no code exists for yet.</summary>
    public static void Run(string group, string name, Action<GoldenCase> body) =>
        Run(group, name, () => body(GoldenGroup.Open(group).Cases.First(c => c.Name == name)));

    /// <summary>Runs a case that stands in a list of its own, not in cases.json.</summary>
    public static void Run(string group, string name, Action body)
    {
        try
        {
            using (NewDisposeScope()) body();
            GoldenScore.Add(group, GoldenResult.Passed, name);
        }
        catch (NotCoveredException reason)
        {
            GoldenScore.Add(group, GoldenResult.NotCovered, name);
            Xunit.Assert.Skip($"not yet covered: {reason.Message}");
        }
        catch
        {
            GoldenScore.Add(group, GoldenResult.Failed, name);
            throw;
        }
    }

    /// <summary>Ends a case that nothing can compute yet: it is listed as not yet covered, never as passed.</summary>
    public static Exception NotCovered(string why) => new NotCoveredException(why);

    sealed class NotCoveredException(string why) : Exception(why);
}
