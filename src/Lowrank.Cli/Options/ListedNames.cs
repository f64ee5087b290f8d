namespace Lowrank.Cli;

/// <summary>Options whose word is the name of something in a list, written as users like: DPM++ 2M, dpm++2m.</summary>
static class ListedNames
{
    /// <summary>Takes the names that <paramref name="find"/> knows, and completes to <paramref name="names"/>.</summary>
    /// <param name="option">The option.</param>
    /// <param name="names">The names that are shown.</param>
    /// <param name="find">Looks a name up; throws for one that it does not know.</param>
    public static void AcceptNames(this Option<string> option, IEnumerable<string> names, Func<string, object> find)
    {
        option.CompletionSources.Add([.. names]);
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { } name) return;
            try
            {
                find(name);
            }
            catch (LowrankException unknown)
            {
                result.AddError($"{option.Name}: {unknown.Message.TrimEnd('.')}.");
            }
        });
    }
}
