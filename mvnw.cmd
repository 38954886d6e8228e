@echo off
rem Runs the installed Maven if it is 3.9 or newer. Otherwise runs the version in .mvn\maven.properties, which is downloaded
rem once from the Apache Software Foundation and verified against the SHA-512 in that file.
setlocal

if defined JAVA_HOME (
    if not exist "%JAVA_HOME%\bin\javac.exe" (
        echo mvnw: JAVA_HOME is "%JAVA_HOME%", but there is no JDK in it; 17 or newer is needed>&2
        exit /b 1
    )
) else (
    where javac >nul 2>&1 || (
        echo mvnw: no JDK found; install 17 or newer, or set JAVA_HOME to one>&2
        exit /b 1
    )
)

for /f "tokens=3" %%v in ('mvn --version 2^>nul ^| findstr /c:"Apache Maven"') do set "installed=%%v"
for /f "tokens=1,2 delims=." %%a in ("%installed%") do (
    if %%a gtr 3 goto installed
    if %%a equ 3 if %%b geq 9 goto installed
)

for /f "usebackq tokens=1,2 delims==" %%a in ("%~dp0.mvn\maven.properties") do set "%%a=%%b"
set "cache=%USERPROFILE%\.m2\distributions"
set "maven=%cache%\apache-maven-%version%"
if exist "%maven%\bin\mvn.cmd" goto pinned

set "file=apache-maven-%version%-bin.tar.gz"
set "location=maven/maven-3/%version%/binaries/%file%"
set "work=%cache%\download.%RANDOM%"
set "curl=%SystemRoot%\System32\curl.exe"
mkdir "%work%" || exit /b 1
echo mvnw: downloading Maven %version%>&2

rem The first site is faster, the second also has old versions.
"%curl%" --fail --silent --location --output "%work%\%file%" "https://dlcdn.apache.org/%location%" ^
    || "%curl%" --fail --silent --show-error --location --output "%work%\%file%" "https://archive.apache.org/dist/%location%"
if errorlevel 1 (
    echo mvnw: could not download Maven %version%; install Maven 3.9 or newer, or check the connection to archive.apache.org>&2
    goto failed
)
for /f "skip=1 delims=" %%h in ('certutil -hashfile "%work%\%file%" SHA512') do if not defined actual set "actual=%%h"
if /i not "%actual: =%"=="%sha512%" (
    echo mvnw: %file% has the wrong SHA-512, %actual: =%; it was not run>&2
    goto failed
)
"%SystemRoot%\System32\tar.exe" -xzf "%work%\%file%" -C "%work%" || goto failed
rem Another mvnw may have installed it in the meantime.
if not exist "%maven%" move "%work%\apache-maven-%version%" "%maven%" >nul || goto failed
rmdir /s /q "%work%"

:pinned
"%maven%\bin\mvn.cmd" %*

:installed
mvn %*

:failed
rmdir /s /q "%work%"
exit /b 1
