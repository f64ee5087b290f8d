using System.Security.Cryptography;

namespace Lowrank.Workbench.Tests;

/// <summary>A server that means harm, or is none of the hub's: nothing is written outside the cache, nothing runs forever, no token is given away.</summary>
public sealed class HostileHubTests : IDisposable
{
    const string Repository = "a/b";

    readonly HubServer server = new();
    readonly TemporaryFolder folder = new();

    public HostileHubTests() => server.Add(Repository, "x.safetensors", RandomNumberGenerator.GetBytes(5_000));

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    string Fault(string? token = null)
    {
        var settings = new HubSettings { Endpoint = new(server.Endpoint + "/"), Cache = folder["cache"], Token = token, Pause = TimeSpan.Zero, Patience = TimeSpan.FromSeconds(5) };
        string message = Assert.Throws<LowrankException>(() => new PullJob(settings).Run(new(Repository))).Message;
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories), path => path.EndsWith(".safetensors", StringComparison.Ordinal) || path.EndsWith("evil", StringComparison.Ordinal));
        return message;
    }

    void InsteadOf(string part, Func<HubRequest, HubResponse?> answer) => server.Instead = request => request.Target.Contains(part, StringComparison.Ordinal) ? answer(request) : null;

    static string Entry(string path, string size = "4", string? oid = null) => $$"""[{"type": "file", "path": "{{path}}", "size": {{size}}, "oid": "{{oid ?? new string('a', 40)}}"}]""";

    [Theory]
    [InlineData("../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("a/../../evil")]
    [InlineData("a//evil")]
    [InlineData(@"..\\evil")]
    [InlineData(@"a\u0000evil")]
    [InlineData(@"a\u001b[2Jevil")]
    [InlineData("./evil")]
    [InlineData("")]
    public void APathThatLeadsOutOfTheFolderIsRefused(string path)
    {
        InsteadOf("/tree/", _ => HubResponse.Text(200, Entry(path)));
        string fault = Fault();
        Assert.Contains("answers as no hub does", fault);
        Assert.DoesNotContain('\e', fault);
    }

    [Theory]
    [InlineData("../../../../evil")]
    [InlineData("short")]
    [InlineData("")]
    public void AHashThatIsNoneBecomesNoFile(string oid)
    {
        InsteadOf("/tree/", _ => HubResponse.Text(200, Entry("x.safetensors", oid: oid)));
        Assert.Contains("has no hash", Fault());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e300")]
    [InlineData("99999999999999999999999")]
    [InlineData("\"many\"")]
    [InlineData("null")]
    public void ASizeThatNoFileHasIsRefused(string size)
    {
        InsteadOf("/tree/", _ => HubResponse.Text(200, Entry("x.safetensors", size)));
        Assert.Contains("no size", Fault());
    }

    [Fact]
    public void AFileThatNoDiskHoldsIsNotBegun()
    {
        InsteadOf("/tree/", _ => HubResponse.Text(200, Entry("x.safetensors", "9000000000000000000")));
        Assert.Contains("no disk holds", Fault());
        InsteadOf("/tree/", _ => HubResponse.Text(200, Entry("x.safetensors", "900000000000000")));
        Assert.Contains("free", Fault());
        Assert.DoesNotContain(server.Requests, request => request.Target.Contains("/resolve/", StringComparison.Ordinal));
    }

    [Fact]
    public void MoreBytesThanTheListSaysAreNotTaken()
    {
        server.Instead = request => request.Target.StartsWith("/cdn/", StringComparison.Ordinal) ? new(200, new byte[5_000_000]) : null;
        Assert.Contains("5000 bytes by the hub's list", Fault());
        server.Instead = request => request.Target.StartsWith("/cdn/", StringComparison.Ordinal) ? new(200, new byte[5_000_000], ("Transfer-Encoding", "identity")) : null;
        Assert.NotEmpty(Fault());
        InsteadOf("/resolve/", _ => HubResponse.Redirect("/cdn/x", ("X-Linked-Size", "7")));
        Assert.Contains("7 or more are sent", Fault());
    }

    [Fact]
    public void AListThatNeverEndsIsLeft()
    {
        int page = 0;
        InsteadOf("/tree/", _ => HubResponse.Text(200, "[]", ("Link", $"<{server.Endpoint}/api/models/a/b/tree/x?cursor={page++}>; rel=\"next\"")));
        Assert.Contains("pages do not end", Fault());
        InsteadOf("/tree/", request => HubResponse.Text(200, "[]", ("Link", $"<{request.Target}>; rel=\"next\"")));
        Assert.Contains("pages do not end", Fault());
    }

    [Fact]
    public void AListThatGoesOnElsewhereIsNotFollowed()
    {
        InsteadOf("/tree/", _ => HubResponse.Text(200, "[]", ("Link", $"<http://localhost:{server.Port}/steal>; rel=\"next\"")));
        Assert.Contains("another server", Fault("hf_secret"));
        Assert.DoesNotContain(server.Requests, request => request.Target == "/steal");
    }

    [Fact]
    public void ACircleOfRedirectsIsLeft()
    {
        InsteadOf("/", request => HubResponse.Redirect(request.Target));
        Assert.Contains("in a circle", Fault());
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    public void ARedirectToAnotherSchemeIsNotFollowed(string to)
    {
        InsteadOf("/resolve/", _ => HubResponse.Redirect(to));
        Assert.Contains("not followed", Fault());
    }

    [Fact]
    public void ARedirectOutOfAnEncryptedConnectionIsNotFollowed()
    {
        Assert.Contains("not encrypted", Assert.Throws<LowrankException>(() => HubClient.Next(new("https://hub/a"), new("http://hub/b"))).Message);
        Assert.Equal("https://hub/b", HubClient.Next(new("https://hub/a"), new("/b", UriKind.Relative)).ToString());
    }

    [Fact]
    public void ATokenDoesNotComeBackWithARedirectFromElsewhere()
    {
        InsteadOf("/", request => request.Target switch
        {
            "/there" => HubResponse.Redirect($"{server.Endpoint}/back"),
            "/back" => HubResponse.Text(404, ""),
            _ when request.Target.Contains("/resolve/", StringComparison.Ordinal) => HubResponse.Redirect($"http://localhost:{server.Port}/there"),
            _ => null,
        });
        Fault("hf_secret");
        Assert.All(server.Requests.Where(request => request.Target is "/there" or "/back"), request => Assert.Null(request["Authorization"]));
        Assert.Contains(server.Requests, request => request.Target == "/back");
        Assert.Contains(server.Requests, request => request["Authorization"] == "Bearer hf_secret");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sha": 5}""")]
    [InlineData("""{"sha": "../../evil"}""")]
    public void AnAnswerWithoutACommitIsNoHubs(string answer)
    {
        InsteadOf("/revision/", _ => HubResponse.Text(200, answer));
        Assert.Contains("HF_ENDPOINT", Fault());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[5]")]
    [InlineData("[{}]")]
    [InlineData("""[{"type": "file", "path": "x", "size": 1, "oid": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, {"type": "file", "path": "x", "size": 1, "oid": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]""")]
    [InlineData("""[{"type": "file", "path": "x", "size": 1, "oid": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, {"type": "file", "path": "x/y", "size": 1, "oid": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]""")]
    public void AListThatIsNoneIsNoHubs(string list)
    {
        InsteadOf("/tree/", _ => HubResponse.Text(200, list));
        Assert.Contains("answers as no hub does", Fault());
    }

    [Fact]
    public void ATokenIsNotSentUnencryptedAcrossTheNet()
    {
        using var client = new HubClient(new() { Endpoint = new("http://example.org/"), Cache = "x", Token = "hf_secret" });
        Assert.False(client.HasToken);
        Assert.Contains("not encrypted", client.Withheld);
    }
}
