using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lowrank.Testing;

/// <summary>
/// A small server on 127.0.0.1 that speaks the Hugging Face hub's API: revisions, lists in pages, files with redirects and ranges, tokens, and all
/// that can go wrong with them.
/// </summary>
public sealed class HubServer : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly List<HubRequest> requests = [];
    readonly Dictionary<string, SortedDictionary<string, byte[]>> repositories = [];
    readonly Dictionary<string, (int Bytes, int Times)> cuts = [];
    readonly Thread thread;

    /// <summary>Begins to listen.</summary>
    public HubServer()
    {
        listener.Start();
        thread = new(Listen) { IsBackground = true };
        thread.Start();
    }

    /// <summary>Port of both hosts: 127.0.0.1 is the hub, localhost the other server to which it sends for large files.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The hub's address.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>The commit of every repository's main branch and of the tag v1.</summary>
    public string Commit { get; set; } = new('c', 40);

    /// <summary>The token that is asked for; null asks for none.</summary>
    public string? Token { get; set; }

    /// <summary>Repositories whose files are given to nobody without a token.</summary>
    public HashSet<string> Gated { get; } = [];

    /// <summary>Files in a page of a list.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>From how many bytes on a file is kept by the other server.</summary>
    public int LargeFrom { get; set; } = 200;

    /// <summary>Whether ranges are taken.</summary>
    public bool TakesRanges { get; set; } = true;

    /// <summary>Asked before everything else; null answers as a hub does.</summary>
    public Func<HubRequest, HubResponse?>? Instead { get; set; }

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<HubRequest> Requests
    {
        get
        {
            lock (requests) return [.. requests];
        }
    }

    /// <summary>Adds a file.</summary>
    public HubServer Add(string repository, string path, byte[] bytes)
    {
        if (!repositories.TryGetValue(repository, out var files)) repositories[repository] = files = new(StringComparer.Ordinal);
        files[path] = bytes;
        return this;
    }

    /// <summary>Adds a text.</summary>
    public HubServer Add(string repository, string path, string text) => Add(repository, path, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds all files of a folder.</summary>
    public HubServer AddFolder(string repository, string folder, string below = "")
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            Add(repository, below + Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes(path));
        return this;
    }

    /// <summary>Cuts the connection after so many bytes of an answer with a file, so many times.</summary>
    public void Cut(string path, int bytes, int times) => cuts[path] = (bytes, times);

    /// <summary>The hash by which the hub calls bytes: SHA-256 of large ones, git's of small ones.</summary>
    public string HashOf(byte[] bytes)
    {
        if (IsLarge(bytes)) return Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        git.AppendData(Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"));
        git.AppendData(bytes);
        return Convert.ToHexStringLower(git.GetHashAndReset());
    }

    bool IsLarge(byte[] bytes) => bytes.Length >= LargeFrom;

    void Listen()
    {
        while (true)
            try
            {
                var client = listener.AcceptTcpClient();
                ThreadPool.QueueUserWorkItem(_ => Serve(client));
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
    }

    void Serve(TcpClient client)
    {
        using (client)
            try
            {
                using var stream = client.GetStream();
                if (Read(stream) is not { } request) return;
                lock (requests) requests.Add(request);
                Write(stream, Instead?.Invoke(request) ?? Answer(request));
            }
            catch (IOException)
            {
                // the other side is gone
            }
    }

    static HubRequest? Read(NetworkStream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int next = stream.ReadByte();
            if (next < 0) return null;
            head.Append((char)next);
        }
        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new(lines[0].Split(' ')[1], headers);
    }

    static void Write(NetworkStream stream, HubResponse response)
    {
        var head = new StringBuilder($"HTTP/1.1 {response.Status} Word\r\nContent-Length: {response.Length ?? response.Body.Length}\r\nConnection: close\r\n");
        foreach (var (name, value) in response.Headers) head.Append($"{name}: {value}\r\n");
        stream.Write(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        stream.Write(response.Body.AsSpan(0, Math.Min(response.CutAt ?? response.Body.Length, response.Body.Length)));
        stream.Flush();
        if (response.Stall > TimeSpan.Zero) Thread.Sleep(response.Stall);
    }

    HubResponse Answer(HubRequest request)
    {
        string[] parts = request.Target.Split('?')[0].Trim('/').Split('/');
        if (parts is ["cdn", var hash]) return Bytes(request, hash);
        if (parts is ["api", "models", var owner, var name, "revision", var revision]) return Revision($"{owner}/{name}", Uri.UnescapeDataString(revision), request);
        if (parts is ["api", "models", var of, var called, "tree", _]) return Tree($"{of}/{called}", request);
        if (parts is [var whose, var what, "resolve", _, .. var path]) return Resolve($"{whose}/{what}", Uri.UnescapeDataString(string.Join('/', path)), request);
        return Fault(404, "", "");
    }

    HubResponse Revision(string repository, string revision, HubRequest request)
    {
        bool isKnown = repositories.ContainsKey(repository);
        if (Token is not null && request["Authorization"] != $"Bearer {Token}" || !isKnown && request["Authorization"] is null)
            return Fault(401, "RepoNotFound", "Invalid username or password.");
        if (!isKnown) return Fault(404, "RepoNotFound", "Repository not found");
        bool isThere = revision is "main" or "v1" or "refs/pr/1" || revision == Commit;
        return isThere ? HubResponse.Text(200, $$"""{"id": "{{repository}}", "sha": "{{Commit}}"}""") : Fault(404, "RevisionNotFound", "Invalid rev id");
    }

    HubResponse Tree(string repository, HubRequest request)
    {
        if (!repositories.TryGetValue(repository, out var files)) return Fault(404, "RepoNotFound", "");
        string query = request.Target.Split('?').ElementAtOrDefault(1) ?? "";
        int from = query.Split('&').FirstOrDefault(part => part.StartsWith("cursor=", StringComparison.Ordinal)) is { } cursor ? int.Parse(cursor[7..]) : 0;
        var entries = files.Skip(from).Take(PageSize).Select(file => Entry(file.Key, file.Value)).ToList();
        entries.Insert(0, new { type = "directory", path = "folder", oid = new string('0', 40), size = 0 });
        string body = JsonSerializer.Serialize(entries);
        if (from + PageSize >= files.Count) return HubResponse.Text(200, body);
        string next = $"{Endpoint}/api/models/{repository}/tree/{Commit}?recursive=true&cursor={from + PageSize}";
        return HubResponse.Text(200, body, ("Link", $"<{next}>; rel=\"next\""));
    }

    object Entry(string path, byte[] bytes) => IsLarge(bytes)
        ? new { type = "file", path, size = bytes.Length, oid = new string('1', 40), lfs = new { oid = HashOf(bytes), size = bytes.Length, pointerSize = 134 } }
        : new { type = "file", path, size = bytes.Length, oid = HashOf(bytes) };

    HubResponse Resolve(string repository, string path, HubRequest request)
    {
        if (Token is not null && request["Authorization"] != $"Bearer {Token}") return Fault(401, "RepoNotFound", "");
        if (Gated.Contains(repository) && request["Authorization"] is null) return Fault(401, "GatedRepo", $"Access to model {repository} is restricted.");
        if (!repositories[repository].TryGetValue(path, out byte[]? bytes)) return Fault(404, "EntryNotFound", "Entry not found");
        string hash = HashOf(bytes);
        if (!IsLarge(bytes)) return Ranged(request, path, bytes, ("X-Repo-Commit", Commit), ("ETag", $"\"{hash}\""));
        return HubResponse.Redirect($"http://localhost:{Port}/cdn/{hash}", ("X-Repo-Commit", Commit), ("X-Linked-ETag", $"\"{hash}\""), ("X-Linked-Size", $"{bytes.Length}"));
    }

    HubResponse Bytes(HubRequest request, string hash)
    {
        // A store of the kind refuses those who come with a token.
        if (request["Authorization"] is not null) return Fault(400, "", "two ways of authorization");
        var (path, bytes) = repositories.Values.SelectMany(files => files).FirstOrDefault(file => HashOf(file.Value) == hash);
        if (bytes is null) return Fault(404, "", "");
        return Ranged(request, path, bytes, ("ETag", $"\"cdn-{hash}\""));
    }

    HubResponse Ranged(HubRequest request, string path, byte[] bytes, params (string, string)[] headers)
    {
        int from = TakesRanges && request["Range"] is { } range ? int.Parse(range["bytes=".Length..].TrimEnd('-')) : 0;
        var response = from == 0
            ? new HubResponse(200, bytes, headers)
            : new HubResponse(206, bytes[from..], [("Content-Range", $"bytes {from}-{bytes.Length - 1}/{bytes.Length}"), .. headers]);
        if (!cuts.TryGetValue(path, out var cut) || cut.Times == 0) return response;
        cuts[path] = cut with { Times = cut.Times - 1 };
        return response with { CutAt = cut.Bytes };
    }

    static HubResponse Fault(int status, string code, string message) =>
        HubResponse.Text(status, "{}", [.. new[] { ("X-Error-Code", code), ("X-Error-Message", message) }.Where(header => header.Item2.Length > 0)]);

    /// <inheritdoc/>
    public void Dispose() => listener.Stop();
}
